--- Schemas: what an answer, or the arguments of a tool, must look like. Pure: no I/O, no core.
---
---     local schema = require "lualogue.schema"          -- or lualogue.schema
---     local verdict = schema "verdict yes|no, score int: 0 to 10, tags [string], note?"
---     local verdict = schema.object {
---       { "reasoning", "string" },                      -- models write fields in this order
---       { "verdict", schema.enum { "yes", "no" }, "what it means" },
---       { "score", "integer?", minimum = 0, maximum = 10 },
---     }
---     schema.validate({ verdict = "maybe" }, verdict)
---       --> nil, 'decode (schema): reasoning: is missing'
---
--- A schema is a plain table, a JSON schema of the strict subset: every object is closed, all of
--- its properties are required, and what is optional may be null. It can be sent as it is.

local description = require "lualogue.schema.description"
local change = require "lualogue.schema.change"
local errors = require "lualogue.errors"
local misuse = require "lualogue.misuse"
local strict = require "lualogue.schema.strict"

--- A JSON schema.
---@alias lualogue.Schema table<string, any>

--- A type in a description: a schema, or in words. "string", "integer", "number", "boolean" (or
--- "str", "int", "num", "bool"); "[int]" is a list; "yes|no" one of these texts;
--- "{x int, y int}" an object; a "?" at the end makes it optional.
---@alias lualogue.SchemaType string|lualogue.Schema

---@class lualogue.SchemaLibrary
---@overload fun(what: string|table): lualogue.Schema
local schema = {}

--- A value does not fit its schema.
---@class lualogue.SchemaFault: lualogue.Error
---@field path string where in the value: `tags[2]`, "" for all of it

local function all_strict(given, where)
  misuse.check(given, "table", "schema", where)
  local found, fault = strict.whole(given)
  if not found then
    misuse.raise(("bad argument 'schema' to '%s' (%s)"):format(where, fault))
  end
  return found
end

--- An object of the fields of a list, in their order. Each field is a list of its name, its type
--- ("string" if absent) and its description, and may have keywords: `minimum`, `maximum`,
--- `exclusiveMinimum`, `exclusiveMaximum`, `multipleOf`, `minLength`, `maxLength`, `pattern`,
--- `format`, `minItems`, `maxItems`, `title`. Raises, naming the field, for anything else.
---
---     schema.object { { "name", "string", "as it is spoken" }, { "age", "int?" } }
---@param fields table[]
---@param defs? table<string, lualogue.SchemaType> what `schema.ref` refers to
---@return lualogue.Schema
function schema.object(fields, defs)
  misuse.check(fields, "table", "fields", "object")
  local object = description.object(fields, "object")
  if defs ~= nil then
    misuse.check(defs, "table", "defs", "object")
    object["$defs"] = {}
    for name, kind in pairs(defs) do
      object["$defs"][name] = schema.type(kind)
    end
  end
  return object
end

--- A list whose items are of one type.
---
---     schema.list("string")   schema.list(schema.object { { "name" }, { "age", "int" } })
---@param items lualogue.SchemaType
---@return lualogue.Schema
function schema.list(items)
  return { type = "array", items = schema.type(items) }
end

--- One of some values: texts, numbers, booleans.
---
---     schema.enum { "yes", "no" }
---@param values any[]
---@return lualogue.Schema
function schema.enum(values)
  misuse.check(values, "table", "values", "enum")
  local found, fault = strict.part({ enum = values }, "values")
  if not found then misuse.raise(("bad argument 'values' to 'enum' (%s)"):format(fault)) end
  return found
end

--- A type that may be null, which is absent once it is decoded: "integer?" for any type.
---
---     schema.optional(schema.enum { "yes", "no" })
---@param kind lualogue.SchemaType
---@return lualogue.Schema
function schema.optional(kind) return change.nullable(schema.type(kind)) end

--- One of several types.
---
---     schema.any_of { "string", "integer" }
---@param kinds lualogue.SchemaType[]
---@return lualogue.Schema
function schema.any_of(kinds)
  misuse.check(kinds, "table", "kinds", "any_of")
  if kinds[1] == nil then misuse.raise "bad argument 'kinds' to 'any_of' (it is empty)" end
  local list = {}
  for i, kind in ipairs(kinds) do list[i] = schema.type(kind) end
  return { anyOf = list }
end

--- A reference: to one of the `defs` of the object around it, or without a name to that object
--- itself, for what stands in itself.
---
---     schema.object { { "name" }, { "children", schema.list(schema.ref()) } }
---@param name? string
---@return lualogue.Schema
function schema.ref(name)
  if name == nil then return { ["$ref"] = "#" } end
  misuse.check(name, "string", "name", "ref")
  return { ["$ref"] = "#/$defs/" .. name:gsub("~", "~0"):gsub("/", "~1") }
end

--- The schema of a type in words, or of a schema, made strict.
---
---     schema.type "[int]?"                             --> { type = "array", … } or null
---@param kind lualogue.SchemaType
---@return lualogue.Schema
function schema.type(kind)
  local found, optional = description.type(kind, "type", "type")
  return optional and change.nullable(found) or found
end

--- A plain JSON schema made strict: a copy whose objects are closed, whose properties are all
--- required, in the order of a `__jsonorder` in the metatable of `properties`, else of
--- `required`, else of their names; what was not required may be null.
---
--- Raises, with the path, where that would change what the schema means: `oneOf`, `not`,
--- `patternProperties`, `additionalProperties = true`, a list of several schemas, no type at all.
---
---     schema.strict { type = "object", properties = { name = { type = "string" } } }
---@param given lualogue.Schema
---@return lualogue.Schema
function schema.strict(given) return all_strict(given, "strict") end

--- The one-line form: fields between commas, or one to a line, each a name, a type
--- (`lualogue.SchemaType`; "string" if there is none) and behind a colon its description.
---
---     schema.line "name: in full, age int, email?, tags [string], pets [{name, age int?}]"
---@param text string raises, naming the field, for what is none
---@return lualogue.Schema
function schema.line(text)
  misuse.check(text, "string", "text", "line")
  return description.line(text, "line")
end

--- Any of the forms of a schema as a strict one: a text (`line`), a list of fields (`object`), or
--- a plain JSON schema (`strict`). Calling the module is this.
---
---     lualogue.schema "verdict, score int"
---@param what string|table
---@return lualogue.Schema
function schema.of(what)
  if type(what) == "string" then return all_strict(description.line(what, "schema"), "schema") end
  misuse.check(what, "table", "schema", "schema")
  if what[1] ~= nil then what = description.object(what, "schema") end
  return all_strict(what, "schema")
end

--- A schema as the parameter `response_format` of a chat; `client:parse` needs none.
---
---     client:stream { messages = messages, response_format = schema.response_format "title" }
---@param what string|table a schema in any form
---@param name? string for the model to see; default "answer"
---@return lualogue.ResponseFormat
function schema.response_format(what, name)
  if name ~= nil then misuse.check(name, "string", "name", "response_format") end
  return {
    type = "json_schema",
    json_schema = { name = name or "answer", strict = true, schema = schema.of(what) },
  }
end

--- Whether a value fits a schema.
---
--- Looks at types, `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`,
--- `anyOf`, `oneOf`, `allOf`, `not`, `$ref`, the bounds of numbers, texts (in characters) and
--- lists, and `pattern` where a Lua pattern can say the same. `format` binds nobody. What it does
--- not look at is told in `unchecked`.
---
--- A field that is absent counts as null, since decoding drops null fields; an empty table is a
--- list or an object, whichever is wanted.
---
---     local ok, fault = schema.validate({ tags = { "a", 2 } }, "tags [string]")
---     print(fault.path, fault)            --> tags[2]  decode (schema): tags[2]: …
---@param value any
---@param given string|table in any form; a JSON schema need not be strict
---@return true? ok
---@return string[]|lualogue.SchemaFault more what was not checked ("code: pattern"), or the fault
function schema.validate(value, given)
  local form = given
  if type(given) == "string" or type(given) == "table" and given[1] ~= nil then
    form = schema.of(given)
  end
  misuse.check(form, "table", "schema", "validate")
  local fault, unchecked = require "lualogue.schema.validate"(value, form)
  if not fault then return true, unchecked end
  local where = fault.path == "" and "" or fault.path .. ": "
  return nil, errors.new {
    kind = "decode", code = "schema", path = fault.path, message = where .. fault.message,
  }
end

return setmetatable(schema, { __call = function(_, what) return schema.of(what) end })
