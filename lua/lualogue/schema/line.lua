--- The one-line form of a schema: `name, age int, tags [string]: up to three`.
---
---     fields   = field { ("," | newline) field }
---     field    = name ["?"] [type] [":" description]
---     type     = what ["?"]
---     what     = word | "[" what "]" | "{" fields "}" | value "|" value ...
---
--- A description goes on to the next comma, or, where the text has several lines, to the end of
--- its own.

local line = {}

local WORDS = {
  string = "string", str = "string", text = "string",
  integer = "integer", int = "integer",
  number = "number", num = "number", float = "number",
  boolean = "boolean", bool = "boolean",
}

--- A schema of a plain word, or nil.
---@param word string
---@return table?
function line.word(word)
  local name = WORDS[word]
  return name and { type = name }
end

local function trim(text) return (text:match("^%s*(.-)%s*$")) end

--- The end of the bracket that opens at `at`, or nil.
local function closing(text, at)
  local depth = 0
  while at do
    local c = text:sub(at, at)
    depth = depth + ((c == "[" or c == "{") and 1 or -1)
    if depth == 0 then return at end
    at = text:find("[%[%]{}]", at + 1)
  end
end

--- Cut a text into its fields. Brackets hold together what stands in them, but in descriptions
--- they are text.
local function split(text, fail)
  local several = trim(text):find("\n", 1, true) ~= nil
  local list, from, at, described = {}, 1, 1, false
  local function cut(upto)
    local field = trim(text:sub(from, upto))
    if field ~= "" then list[#list + 1] = field end
    from, described = upto + 2, false
  end
  while at <= #text do
    local c = text:sub(at, at)
    if c == "\n" or (c == "," and not (described and several)) then
      cut(at - 1)
    elseif c == ":" then
      described = true
    elseif not described and (c == "[" or c == "{") then
      local close = closing(text, at)
      if not close then fail(("'%s' is never closed"):format(c)) end
      at = close
    end
    at = at + 1
  end
  cut(#text)
  return list
end

local function enum_of(text, fail)
  local values = {}
  for value in (text .. "|"):gmatch("([^|]*)|") do
    value = trim(value)
    if value == "" then fail(("'%s' has an empty alternative"):format(text)) end
    if WORDS[value] then
      fail(("'%s': alternatives are texts; for types there is any_of"):format(text))
    end
    values[#values + 1] = value
  end
  return { type = "string", enum = values }
end

--- The schema of a type, and whether a "?" makes it optional.
---@param text string
---@param make { object: fun(fields: table[]): table, optional: fun(schema: table): table }
---@param fail fun(why: string)
---@return table schema without the null that makes it optional
---@return boolean optional
function line.type(text, make, fail)
  local what, mark = trim(text):match("^(.-)%s*(%??)$")
  local optional = mark == "?"
  local inside = what:match("^%[(.*)%]$")
  if inside and closing(what, 1) == #what then
    local items, may_lack = line.type(inside, make, fail)
    return { type = "array", items = may_lack and make.optional(items) or items }, optional
  end
  local block = what:match("^{(.*)}$")
  if block and closing(what, 1) == #what then
    return make.object(line.fields(block, make, fail)), optional
  end
  if what:find("|", 1, true) and not what:find("[%[%]{}]") then
    return enum_of(what, fail), optional
  end
  local found = line.word(what)
  if not found then fail(("no such type: '%s'"):format(what)) end
  return found, optional
end

local function field_of(text, make, fail)
  local name, rest = text:match("^([^%s,:?|%[%]{}]+)(.*)$")
  if not name then fail(("'%s': a field begins with its name"):format(text)) end
  local before = fail
  fail = function(why) before(name .. ": " .. why) end
  local mark
  mark, rest = rest:match("^(%??)(.*)$")
  local kind, description = rest, nil
  -- A colon inside of brackets belongs to what stands in them.
  local open = rest:find("[%[{:]")
  if open and rest:sub(open, open) ~= ":" then
    local close = closing(rest, open)
    if not close then fail "a bracket is never closed" end
    local colon = rest:find(":", close, true)
    if colon then kind, description = rest:sub(1, colon - 1), rest:sub(colon + 1) end
  elseif open then
    kind, description = rest:sub(1, open - 1), rest:sub(open + 1)
  end
  description = description and trim(description):gsub("%s*,$", "")
  if trim(kind) == "" then kind = "string" end
  local schema, optional = line.type(kind, make, fail)
  return {
    name = name, schema = schema, optional = optional or mark == "?",
    description = description ~= "" and description or nil,
  }
end

--- The fields of a text.
---@param text string
---@param make { object: fun(fields: table[]): table, optional: fun(schema: table): table }
---@param fail fun(why: string)
---@return table[] fields with `name`, `schema`, `optional`, `description`
function line.fields(text, make, fail)
  local fields = {}
  for i, field in ipairs(split(text, fail)) do fields[i] = field_of(field, make, fail) end
  if #fields == 0 then fail "no field" end
  return fields
end

return line
