-- Schemas: their three forms, what cannot be strict, and values held against them.

local json = require "lualogue.json"
local lualogue = require "lualogue"
local names = require "lualogue.schema.names"
local pattern = require "lualogue.schema.pattern"
local schema = require "lualogue.schema"

local null = json.null

--- The message of what must raise, less the position, which must be a line of this file.
local function raised(call, ...)
  local arguments, n = { ... }, select("#", ...)
  local unpack = table.unpack or unpack -- luacheck: ignore 143
  local ok, message = pcall(function() call(unpack(arguments, 1, n)) end)
  assert.is_false(ok)
  assert.is_string(message)
  return (assert(message:match "^[^:]*spec/schema_spec%.lua:%d+: (.*)", message))
end

local function order_of(object)
  return table.concat(names.ordered(object.properties), " ")
end

local function object(properties, required, more)
  local made = {
    type = "object", properties = properties, required = required, additionalProperties = false,
  }
  for key, value in pairs(more or {}) do made[key] = value end
  return made
end

local TEXT, INT = { type = "string" }, { type = "integer" }
local MAYBE_TEXT = { type = { "string", "null" } }

describe("the one-line form of a schema", function()
  it("has names, types, and what is not said is a text", function()
    local made = schema "name, age int, weight number, alive bool"
    assert.same(object({
      name = TEXT, age = INT, weight = { type = "number" }, alive = { type = "boolean" },
    }, { "name", "age", "weight", "alive" }), made)
    assert.equal("name age weight alive", order_of(made))
  end)

  it("keeps the order of many fields", function()
    local words = {}
    for i = 1, 60 do words[i] = "f" .. (i * 37) % 61 end
    assert.equal(table.concat(words, " "), order_of(schema(table.concat(words, ","))))
    assert.same(words, schema(table.concat(words, ",")).required)
  end)

  it("has lists, alternatives and objects", function()
    assert.same(object({
      tags = { type = "array", items = TEXT },
      grid = { type = "array", items = { type = "array", items = INT } },
      verdict = { type = "string", enum = { "yes", "no" } },
      at = object({ x = INT, y = INT }, { "x", "y" }),
      pets = { type = "array", items = object({ name = TEXT, age = { type = { "integer", "null" } } }, { "name", "age" }) },
    }, { "tags", "grid", "verdict", "at", "pets" }),
      schema "tags [string], grid [[int]], verdict yes|no, at {x int, y int}, pets [{name, age int?}]")
  end)

  it("has '?' behind a name or a type", function()
    local maybe_int = { type = { "integer", "null" } }
    assert.same(object({
      a = MAYBE_TEXT, b = maybe_int, c = maybe_int, d = { type = "array", items = maybe_int },
      e = { anyOf = { { type = "array", items = TEXT }, { type = "null" } } },
      f = { anyOf = { { type = "string", enum = { "x", "y" } }, { type = "null" } } },
    }, { "a", "b", "c", "d", "e", "f" }), schema "a?, b? int, c int?, d [int?], e [string]?, f x|y?")
  end)

  it("has descriptions behind a colon", function()
    assert.same(object({
      name = { type = "string", description = "in full" },
      age = { type = "integer", description = "in years: whole ones" },
      pets = { type = "array", items = object({ kind = { type = "string", description = "cat or dog" } }, { "kind" }), description = "all of them" },
    }, { "name", "age", "pets" }),
      schema "name: in full, age int: in years: whole ones, pets [{kind: cat or dog}]: all of them")
  end)

  it("may have a line for each field, whose description may have commas", function()
    assert.same(object({
      name = { type = "string", description = "first, then last" }, age = INT,
      note = { type = { "string", "null" }, description = "[if any" },
    }, { "name", "age", "note" }), schema [[
      name: first, then last,
      age int

      note?: [if any
    ]])
  end)

  it("raises for what it does not know, and names the field", function()
    for text, why in pairs {
      ["a foo"] = "a: no such type: 'foo'", ["a [int"] = "'[' is never closed", [""] = "no field",
      ["a, b, a int"] = "a: this name is there twice", ["a int|x"] = "a: 'int|x': alternatives are texts; for types there is any_of",
      ["a x||y"] = "a: 'x||y' has an empty alternative", ["[int]"] = "'[int]': a field begins with its name",
      ["a {}"] = "a: no field", ["a [int]]"] = "a: no such type: '[int]]'", ["a {b foo}"] = "a: b: no such type: 'foo'",
      ["a int int"] = "a: no such type: 'int int'",
    } do
      assert.equal(("bad schema in 'schema' (%s)"):format(why), raised(schema, text), text)
    end
    assert.equal("bad argument 'text' to 'line' (string expected, got nothing)", raised(schema.line))
  end)
end)

describe("the description of a schema in Lua", function()
  it("keeps the order, makes optional a union with null, closes and requires all", function()
    local made = schema.object {
      { "reasoning", "string" },
      { "verdict", schema.enum { "yes", "no" }, "what it means" },
      { "score", "integer?" },
    }
    assert.same(object({
      reasoning = TEXT,
      verdict = { type = "string", enum = { "yes", "no" }, description = "what it means" },
      score = { type = { "integer", "null" } },
    }, { "reasoning", "verdict", "score" }), made)
    assert.equal("reasoning verdict score", order_of(made))
    assert.same(made, schema { { "reasoning", "string" }, { "verdict", schema.enum { "yes", "no" }, "what it means" }, { "score", "integer?" } })
  end)

  it("has keywords in a field", function()
    local made = schema.object { { "score", "int?", "how good", minimum = 0, maximum = 10 }, { "id", pattern = "^a" } }
    assert.same({ type = { "integer", "null" }, minimum = 0, maximum = 10, description = "how good" }, made.properties.score)
    assert.same({ type = "string", pattern = "^a" }, made.properties.id)
  end)

  it("has lists, enums, unions and references", function()
    local tree = schema.object {
      { "name" }, { "children", schema.list(schema.ref()) }, { "other", schema.ref "thing", "what else" },
      { "maybe", schema.optional(schema.ref "thing") }, { "id", schema.any_of { "int", "string" } },
      { "n", schema.enum { 1, 2.5 } },
    }
    tree = schema.object({ { "root", schema.ref "node" } }, { node = tree, thing = "x|y" })
    local node = tree["$defs"].node.properties
    assert.same({ type = "array", items = { ["$ref"] = "#" } }, node.children)
    assert.same({ anyOf = { { ["$ref"] = "#/$defs/thing" } }, description = "what else" }, node.other)
    assert.same({ anyOf = { { ["$ref"] = "#/$defs/thing" }, { type = "null" } } }, node.maybe)
    assert.same({ anyOf = { INT, TEXT } }, node.id)
    assert.same({ type = "number", enum = { 1, 2.5 } }, node.n)
    assert.same({ type = "string", enum = { "x", "y" } }, tree["$defs"].thing)
    assert.same(tree, schema.strict(tree))
  end)

  it("takes JSON schemas as types, made strict", function()
    local made = schema.object { { "at", { type = "object", properties = { x = { type = "number" } } } } }
    assert.same(object({ x = { type = { "number", "null" } } }, { "x" }), made.properties.at)
  end)

  it("raises at the caller's line, and names the field", function()
    for why, fields in pairs {
      ["fields[1]: { \"name\", type, \"description\" } expected"] = { "name" },
      ["a: no such keyword: 'foo'"] = { { "a", "int", foo = 1 } },
      ["a: a type expected, got number"] = { { "a", 1 } },
      ["a: the description is no text"] = { { "a", "int", 3 } },
      ["a: this name is there twice"] = { { "a" }, { "a" } },
      ["a.oneOf: cannot be strict: say anyOf"] = { { "a", { oneOf = { {} } } } },
      ["a list of fields has a key 'x'"] = { { "a" }, x = 1 },
    } do
      assert.equal(("bad schema in 'object' (%s)"):format(why), raised(schema.object, fields))
    end
    assert.equal("bad argument 'fields' to 'object' (table expected, got string)", raised(schema.object, "a"))
    assert.equal("bad argument 'values' to 'enum' (values.enum: a list expected)", raised(schema.enum, {}))
    assert.equal("bad argument 'kinds' to 'any_of' (it is empty)", raised(schema.any_of, {}))
    assert.equal("bad schema in 'type' (type: no such type: 'x')", raised(schema.list, "x"))
    assert.equal("bad argument 'schema' to 'schema' (table expected, got number)", raised(schema, 1))
  end)
end)

describe("a plain JSON schema made strict", function()
  it("is closed, has everything required, and null where something was not", function()
    local given = { type = "object", properties = { a = { type = "string" }, b = { type = "integer" } }, required = { "b" } }
    local before = json.encode(given)
    local made = schema(given)
    assert.same(object({ a = MAYBE_TEXT, b = INT }, { "b", "a" }), made)
    assert.equal(before, json.encode(given))
    assert.same(made, schema.strict(made))
  end)

  it("goes through everything that holds schemas", function()
    local inner = function() return { type = "object", properties = { x = { type = "string" } }, required = { "x" } } end
    local closed = object({ x = TEXT }, { "x" })
    local made = schema.strict {
      type = "object",
      properties = {
        list = { type = "array", items = inner() }, either = { anyOf = { inner(), { type = "string" } } },
        one = { allOf = { inner() }, description = "d" }, deep = { type = "object", properties = { y = inner() }, required = { "y" } },
      },
      required = { "list", "either", "one", "deep" },
      ["$defs"] = { d = inner() }, definitions = { e = inner() },
    }
    local properties = made.properties
    assert.same({ type = "array", items = closed }, properties.list)
    assert.same({ anyOf = { closed, TEXT } }, properties.either)
    assert.same(object({ x = TEXT }, { "x" }, { description = "d" }), properties.one)
    assert.same(object({ y = closed }, { "y" }), properties.deep)
    assert.same({ d = closed }, made["$defs"])
    assert.same({ e = closed }, made.definitions)
  end)

  it("leaves out what binds nobody", function()
    assert.same(object({ a = { type = "string", title = "A", format = "date" } }, { "a" }), schema.strict {
      ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["$id"] = "x", type = "object", required = { "a" },
      properties = { a = { type = "string", default = null, examples = { "x" }, ["x-order"] = 1, title = "A", format = "date", deprecated = true } },
    })
  end)

  it("writes a reference with something beside it out, once", function()
    local defs = { p = { type = "object", properties = { next = { ["$ref"] = "#/$defs/p", description = "the one behind" } }, required = {} } }
    local made = schema.strict {
      type = "object", required = { "a", "b" }, ["$defs"] = defs,
      properties = { a = { ["$ref"] = "#/$defs/p", description = "mine" }, b = { ["$ref"] = "#/$defs/p" } },
    }
    local next_one = { anyOf = { { ["$ref"] = "#/$defs/p" }, { type = "null" } }, description = "the one behind" }
    assert.same(object({ next = next_one }, { "next" }, { description = "mine" }), made.properties.a)
    assert.same({ ["$ref"] = "#/$defs/p" }, made.properties.b)
    assert.same(object({ next = next_one }, { "next" }), made["$defs"].p)
    assert.same(made, schema.strict(made))
  end)

  it("may be a reference at its root", function()
    local made = schema.strict { ["$ref"] = "#/$defs/a", ["$defs"] = { a = { type = "object", properties = { x = { type = "string" } }, required = { "x" } } } }
    assert.equal("object", made.type)
    assert.same({ x = TEXT }, made.properties)
  end)

  it("says the type of an enum and a const, and knows OpenAPI's nullable", function()
    local made = schema.strict {
      type = "object", required = { "a", "b", "c", "d" },
      properties = { a = { enum = { "x", "y" } }, b = { const = false }, c = { type = "string", nullable = true }, d = { enum = { 1, null } } },
    }
    assert.same({ a = { type = "string", enum = { "x", "y" } }, b = { type = "boolean", const = false }, c = MAYBE_TEXT, d = { enum = { 1, null } } }, made.properties)
  end)

  it("has the order of __jsonorder, then of required, then of the names", function()
    local function ordered(properties, required)
      return order_of(schema.strict { type = "object", properties = properties, required = required })
    end
    local function fields() return { a = { type = "string" }, b = { type = "string" }, c = { type = "string" }, d = { type = "string" } } end
    assert.equal("a b c d", ordered(fields()))
    assert.equal("c a b d", ordered(fields(), { "c", "a" }))
    assert.equal("d b c a", ordered(setmetatable(fields(), { __jsonorder = { "d", "b" } }), { "c", "a" }))
  end)

  it("is refused with the path where it cannot be", function()
    local function in_a(property) return { type = "object", properties = { a = property }, required = { "a" } } end
    local cyclic = { type = "object", properties = {}, required = { "me" } }
    cyclic.properties.me = cyclic
    for why, given in pairs {
      ["the root: an object expected, and no anyOf"] = { anyOf = { { type = "object" } } },
      ["properties.a.oneOf: cannot be strict: say anyOf"] = in_a { oneOf = { { type = "string" } } },
      ["properties.a.not: cannot be strict"] = in_a { ["not"] = { type = "string" } },
      ["properties.a.if: cannot be strict"] = in_a { type = "string", ["if"] = {} },
      ["properties.a.patternProperties: cannot be strict: an open object cannot be strict"] = in_a { type = "object", patternProperties = {} },
      ["properties.a.additionalProperties: an open object cannot be strict"] = in_a { type = "object", additionalProperties = true },
      ["properties.a.items: one schema for all items expected"] = in_a { type = "array", items = { { type = "string" } } },
      ["properties.a.items.prefixItems: cannot be strict: say an object with a property for each item"] = in_a { type = "array", items = { type = "array", prefixItems = {} } },
      ["properties.a.anyOf[2]: no type"] = in_a { anyOf = { { type = "string" }, {} } },
      ["properties.a.uniqueItems: cannot be strict"] = in_a { type = "array", items = { type = "string" }, uniqueItems = true },
      ["properties.a.type: no such type: 'text'"] = in_a { type = "text" },
      ["properties.a: a schema expected, got boolean"] = in_a(true),
      ["properties.a.allOf: only a single entry can be strict"] = in_a { allOf = { {}, {} } },
      ["properties.a.$ref: '#/$defs/x' leads nowhere"] = in_a { ["$ref"] = "#/$defs/x" },
      ["properties.a.$ref: a text that begins with # expected"] = in_a { ["$ref"] = "other.json" },
      ["required[1]: no property is named 'b'"] = { type = "object", properties = {}, required = { "b" } },
      ['properties["a b"].enum: a list expected'] = { type = "object", properties = { ["a b"] = { enum = {} } } },
    } do
      assert.equal(("bad argument 'schema' to 'strict' (%s)"):format(why), raised(schema.strict, given))
    end
    assert.matches("a table inside itself", raised(schema.strict, cyclic))
    -- 2^40 objects, if each reference were written out.
    local defs, many = {}, { type = "object", properties = {}, required = {}, ["$defs"] = nil }
    for i = 1, 40 do
      local next_one = { ["$ref"] = "#/$defs/d" .. (i + 1), description = "x" }
      defs["d" .. i] = { type = "object", properties = { a = next_one, b = next_one } }
    end
    defs.d41 = { type = "string" }
    many.properties.first, many["$defs"] = { ["$ref"] = "#/$defs/d1", description = "x" }, defs
    assert.matches("too large, once references", raised(schema.strict, many))
    assert.equal("bad argument 'schema' to 'strict' (table expected, got string)", raised(schema.strict, "a"))
  end)
end)

describe("schema.validate", function()
  local function fault(value, given)
    local ok, found = schema.validate(value, given)
    assert.is_nil(ok)
    assert.equal("decode", found.kind)
    assert.equal("schema", found.code)
    local where = found.path == "" and "" or found.path .. ": "
    assert.equal(where, found.message:sub(1, #where))
    assert.equal("decode (schema): " .. found.message, tostring(found))
    return found.message
  end
  local function fits(value, given)
    local ok, more = schema.validate(value, given)
    assert.is_true(ok, tostring(more))
    assert.same({}, more)
  end

  it("looks at types", function()
    local one = { string = "x", integer = 1, number = 1.5, boolean = false, null = null, array = { 1 }, object = { a = 1 } }
    local also = { number = { integer = true } }
    for kind in pairs(one) do
      for other, value in pairs(one) do
        local ok = schema.validate(value, { type = kind })
        assert.equal(kind == other or (also[kind] or {})[other] or nil, ok, kind .. " " .. other)
      end
    end
    fits(2.0, { type = "integer" })
    fits({}, { type = "array" })
    fits({}, { type = "object" })
    fits(nil, { type = "null" })
    assert.equal("a list expected, got an object", fault({ a = 1 }, { type = "array" }))
    assert.equal("an object expected, got a list", fault({ 1 }, { type = "object" }))
    assert.equal("a string or null expected, got true", fault(true, { type = { "string", "null" } }))
    assert.equal("is missing", fault(nil, { type = "string" }))
  end)

  it("names the path of the first fault, in the order of the fields", function()
    local given = schema "name, tags [string], at {x int, y int}"
    local good = { name = "n", tags = { "a" }, at = { x = 1, y = 2 } }
    fits(good, given)
    assert.equal("name: a string expected, got 1", fault({ name = 1, tags = { 2 } }, given))
    assert.equal("tags[2]: a string expected, got 2", fault({ name = "n", tags = { "a", 2 }, at = {} }, given))
    assert.equal("at.y: is missing", fault({ name = "n", tags = {}, at = { x = 1 } }, given))
    assert.equal("at.z: is not in the schema", fault({ name = "n", tags = {}, at = { x = 1, y = 1, z = 1 } }, given))
    assert.equal("an object expected, got \"x\"", fault("x", given))
  end)

  it("takes what is absent for null", function()
    fits({}, "a?, b int?, c [string]?, d x|y?")
    fits({ a = null }, "a?")
    assert.equal("a: is missing", fault({}, "a"))
    assert.equal("a: a string expected, got null", fault({ a = null }, "a"))
    assert.equal("a: is missing", fault({}, "a x|y"))
    fits({}, { type = "object", properties = { a = { type = "string" } } })
    assert.equal("b: is missing", fault({}, { type = "object", required = { "b" } }))
  end)

  it("looks at enum and const, tables as well", function()
    fits({ v = "yes" }, "v yes|no")
    assert.equal('v: one of "yes", "no" expected, got "maybe"', fault({ v = "maybe" }, "v yes|no"))
    fits({ a = { 1, 2 } }, { const = { a = { 1, 2 } } })
    assert.equal("an object expected, got an object", fault({ a = { 1, 3 } }, { const = { a = { 1, 2 } } }))
    fits(null, { enum = { 1, null } })
    assert.equal("false expected, got true", fault(true, { const = false }))
  end)

  it("looks at bounds of numbers, texts and lists", function()
    local number = { type = "number", minimum = 0, maximum = 10, multipleOf = 0.5 }
    fits(0, number)
    fits(9.5, number)
    assert.equal("at least 0 expected, got -1", fault(-1, number))
    assert.equal("at most 10 expected, got 11", fault(11, number))
    assert.equal("a multiple of 0.5 expected, got 1.25", fault(1.25, number))
    assert.equal("more than 0 expected, got 0", fault(0, { exclusiveMinimum = 0 }))
    assert.equal("less than 1 expected, got 1", fault(1, { exclusiveMaximum = 1 }))
    fits("äöü", { minLength = 3, maxLength = 3 })
    assert.equal("at least 3 characters expected, got 2", fault("äö", { minLength = 3 }))
    assert.equal("at most 2 characters expected, got 3", fault("abc", { maxLength = 2 }))
    assert.equal("at least 1 items expected, got 0", fault({}, { minItems = 1 }))
    assert.equal("at most 1 items expected, got 2", fault({ 1, 2 }, { maxItems = 1 }))
    fits(1, { minimum = "0" }) -- what is no bound binds nobody
  end)

  it("looks at patterns, and says which it cannot look at", function()
    fits("ab1", { pattern = "^[a-z]+\\d$" })
    assert.equal('"ab" does not match ^[a-z]+\\d$', fault("ab", { pattern = "^[a-z]+\\d$" }))
    local ok, unchecked = schema.validate({ a = "x", b = { 1 } }, {
      properties = { a = { pattern = "^(?=x)" }, b = { uniqueItems = true } },
    })
    assert.is_true(ok)
    assert.same({ "a: pattern", "b: uniqueItems" }, unchecked)
  end)

  it("looks at combinations, and tells the fault of the alternative that came furthest", function()
    local shapes = schema.object { { "shape", schema.any_of { "{circle int}", "{w int, h int}" } } }
    fits({ shape = { w = 1, h = 2 } }, shapes)
    assert.equal("shape.h: an integer expected, got \"x\"", fault({ shape = { w = 1, h = "x" } }, {
      type = "object", properties = { shape = { anyOf = { { type = "string" }, schema "w int, h int" } } },
    }))
    assert.equal('"x" fits none of the 2 alternatives', fault("x", { anyOf = { { type = "integer" }, { type = "boolean" } } }))
    assert.equal("an integer expected, got \"x\"", fault("x", { anyOf = { { type = "integer" }, { type = "null" } } }))
    assert.equal("fits more than one of its alternatives", fault(1, { oneOf = { { type = "integer" }, { type = "number" } } }))
    fits(1.5, { oneOf = { { type = "integer" }, { type = "number" } } })
    assert.equal("at least 3 expected, got 2", fault(2, { allOf = { { minimum = 1 }, { minimum = 3 } } }))
    assert.equal("is what it must not be", fault(2, { ["not"] = { type = "integer" } }))
    assert.equal("b: an integer expected, got \"x\"", fault({ a = 1, b = "x" }, { additionalProperties = { type = "integer" } }))
  end)

  it("follows references, also into itself", function()
    local tree = schema { { "name" }, { "children", schema.list(schema.ref()) } }
    local function node(name, ...) return { name = name, children = { ... } } end
    fits(node("a", node("b", node "c"), node "d"), tree)
    assert.equal("children[1].children[2].name: a string expected, got 1", fault(node("a", node("b", node "c", node(1))), tree))
  end)

  it("is not led in circles, nor in more steps than there are values", function()
    local circle = { ["$ref"] = "#/$defs/a", ["$defs"] = { a = { ["$ref"] = "#/$defs/b" }, b = { ["$ref"] = "#/$defs/a" } } }
    assert.matches("it leads to nothing but itself", raised(schema.validate, 1, circle))
    assert.matches("leads nowhere", raised(schema.validate, 1, { ["$ref"] = "#/x" }))
    -- Two alternatives at each of 200 levels: 2^200 ways, if each were gone.
    local both = { anyOf = {} }
    for i = 1, 2 do
      both.anyOf[i] = { type = "object", properties = { next = { ["$ref"] = "#" }, n = { type = "integer" } }, required = { "n" } }
    end
    local value = { n = "wrong" }
    for _ = 1, 200 do value = { next = value, n = 1 } end
    assert.matches("next%.n: an integer expected", fault(value, both))
    local round = {}
    round.next = round
    assert.matches("is nested too deeply", fault(round, { properties = { next = { ["$ref"] = "#" } } }))
  end)

  it("takes a schema in any form", function()
    fits({ a = 1 }, "a int")
    fits({ a = 1 }, { { "a", "int" } })
    fits({ a = 1, b = 2 }, { type = "object" })
    assert.equal("bad argument 'schema' to 'validate' (table expected, got nothing)", raised(schema.validate, 1))
  end)
end)

describe("a pattern of a schema", function()
  for _, case in ipairs {
    { "^\\d{3}-\\d{4}$", "555-1234", true }, { "^\\d{3}-\\d{4}$", "5555-1234", false },
    { "^(a|b)c?$", "bc", true }, { "^(a|b)c?$", "ab", false }, { "a|b", "xb", true }, { "^a|b$", "xb", true },
    { "^(\\+\\d{1,3})?\\d{10}$", "+491234567890", true }, { "^(\\+\\d{1,3})?\\d{10}$", "123456789", false },
    { "^.{3}$", "äöü", true }, { "^.{3}$", "äö", false }, { "^.{3}$", "😀b\n", false }, { "^.?$", "ä", true },
    { "^[^,]+$", "a,b", false }, { "^[^,]+$", "äb", true }, { "^[^,]$", "ä", true }, { "^é?$", "é", true },
    { "^[A-Z][a-z]*( [A-Z][a-z]*){0,3}$", "Ab Cd Ef", true }, { "^[A-Z][a-z]*( [A-Z][a-z]*){0,3}$", "Ab cd", false },
    { "^[\\w.-]+@[\\w.-]+\\.\\w{2,}$", "a.b@c-d.org", true }, { "^[\\w.-]+@[\\w.-]+\\.\\w{2,}$", "a.b@c-d", false },
    { "^[!-/]$", "%", true }, { "^[!-/]$", "1", false }, { "^[\\]\\[^]+$", "[^]", true }, { "^[a\\-z]$", "-", true },
    { "^$", "", true }, { "^$", "x", false }, { "", "x", true }, { "^(?:yes|no)$", "no", true }, { "^(?<year>\\d{4})$", "2024", true },
    { "^#[0-9a-fA-F]{6}$", "#ff00FF", true }, { "^a{2,}$", "aaa", true }, { "^a{2,}$", "a", false }, { "^a{2,3}$", "aaaa", false },
    { "^\\S+$", "a b", false }, { "^\\S+$", "ab", true }, { "^%d$", "%d", true }, { "^%d$", "1", false }, { "^a.c$", "a\nc", false },
    { "^\\u0041\\x42$", "AB", true }, { "^.*?x$", "abx", true }, { "^[^\\d\\s]+$", "a1", false }, { "^ä+$", "ä", nil },
    { "(ab)*", "ab", nil }, { "\\bfoo", "foo", nil }, { "(?=a)a", "a", nil }, { "(a)\\1", "aa", nil }, { "[ä]", "ä", nil },
    { "\\p{L}", "a", nil }, { "a^b", "a^b", nil }, { "(a", "a", nil }, { "a)", "a", nil }, { "[a", "a", nil }, { "a**", "a", nil },
    { "(a|b){9}", "a", nil }, { ".*.*.*=", ("x"):rep(3000), nil },
  } do
    it(case[1] .. (case[3] == nil and " is not for Lua" or case[3] and " matches " or " does not match ") .. case[2]:sub(1, 20), function()
      assert.equal(case[3], pattern.matches(case[2], case[1]))
    end)
  end
end)

describe("schemas", function()
  it("are there as lualogue.schema, without the core", function()
    assert.equal(schema, lualogue.schema)
    assert.same(schema "a", lualogue.schema "a")
  end)
end)
