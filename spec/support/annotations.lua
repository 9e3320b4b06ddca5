--- Reads the LuaLS annotations of a Lua source, as far as our sources use them: enough to hold
--- them against the code (spec/api_spec.lua), no type checker.
---
---     local found = annotations.parse(path)
---     found.functions[1].name, found.functions[1].params[1].name, found.classes[1].fields[1].name

local M = {}

-- Tags that LuaLS knows; a misspelt one would silently say nothing.
local TAGS = {}
for tag in ([[
  alias as async cast class deprecated diagnostic enum field generic meta module nodiscard
  operator overload package param private protected return see source type vararg version
]]):gmatch("%S+") do TAGS[tag] = true end

---@class annotations.param
---@field name string
---@field optional boolean
---@field type string

---@class annotations.block  the `---` lines before one line of code
---@field at integer            the line of the code
---@field code string           that line
---@field text string[]         the lines that are no tag
---@field params annotations.param[]
---@field returns string[]
---@field type string?          of `---@type`
---@field private boolean?
---@field types string[]         types of ours that it refers to, private fields left out
---@field class annotations.class?

---@class annotations.class
---@field name string
---@field at integer
---@field types string[]         types of ours that the whole block refers to
---@field fields { name: string, type: string, at: integer }[]

--- The end of a type that starts at `from`: brackets are balanced, and a type goes on behind
--- `|`, `:` and `,` inside brackets only.
local function type_at(text, from)
  local depth, at = 0, from
  while at <= #text do
    local c = text:sub(at, at)
    if c == '"' or c == "'" then
      at = text:find(c, at + 1, true) or #text
    elseif c:find("[%(%[{<]") then
      depth = depth + 1
    elseif c:find("[%)%]}>]") then
      depth = depth - 1
    elseif c == " " and depth == 0 then
      local before, after = text:sub(from, at):find("[|:]%s*$"), text:find("^%s*|", at)
      if not before and not after then break end
    elseif c == "," and depth == 0 then
      break
    end
    at = at + 1
  end
  return text:sub(from, at - 1), at
end

local function parse_field(text)
  local scope, rest = text:match("^(%a+)%s+(.*)$")
  local scoped = scope == "private" or scope == "protected" or scope == "package"
  if scoped and rest:find("%s") then text = rest end
  local name, optional, at = text:match("^([%w_]+)(%??)%s+()")
  if name then return { name = name, optional = optional == "?", type = (type_at(text, at)) } end
  local key, may_lack, key_at = text:match("^(%b[])(%??)%s+()")
  if key then return { name = key, optional = may_lack == "?", type = (type_at(text, key_at)) } end
end

local function parse_param(text)
  local name, optional, at = text:match("^([%w_%.]+)(%??)%s+()")
  if not name then return { name = text:match("^%S+") or "?", optional = false, type = "" } end
  return { name = name, optional = optional == "?", type = (type_at(text, at)) }
end

-- One function for each tag that means something here: (found, block, rest, line number).
local on_tag = {}

function on_tag.class(found, block, rest, at)
  local name = rest:gsub("^%(%a+%)%s*", ""):match("^([%w_%.]+)")
  block.class = { name = name or rest, at = at, fields = {}, types = block.types }
  found.classes[#found.classes + 1] = block.class
end

function on_tag.field(found, block, rest, at)
  local field = parse_field(rest)
  if not field or not block.class then
    found.problems[#found.problems + 1] = { at = at, what = "a field outside a class: " .. rest }
    return
  end
  field.at = at
  table.insert(block.class.fields, field)
end

function on_tag.param(_, block, rest) table.insert(block.params, parse_param(rest)) end
on_tag["return"] = function(_, block, rest) table.insert(block.returns, rest) end
function on_tag.type(_, block, rest) block.type = (type_at(rest, 1)) end
function on_tag.private(_, block) block.private = true end
function on_tag.package(_, block) block.private = true end
function on_tag.alias(found, block, rest, at)
  local name, type = rest:match("^([%w_%.]+)%s*(.*)$")
  found.aliases[#found.aliases + 1] = { name = name, type = type, at = at, types = block.types }
end
function on_tag.meta(found) found.meta = true end

local function new_block()
  return { text = {}, params = {}, returns = {}, types = {} }
end

--- What a line of code defines: (name, parameter names) of a function, or (name) of a field.
local function definition(code)
  local name, params = code:match("^%s*function%s+([%w_%.:]+)%s*(%b())")
  if not name then
    name, params = code:match("^%s*local%s+function%s+([%w_]+)%s*(%b())")
  end
  if not name then
    name, params = code:match("^%s*([%w_%.]+)%s*=%s*function%s*(%b())")
  end
  if not name then
    code = code:gsub("^%s*local%s+", "")
    return (code:match("^%s*([%w_%.]+)%s*=[^=]")), nil
  end
  local list = {}
  for param in params:gmatch("[%w_%.]+") do list[#list + 1] = param end
  return name, list
end

local function take_tag(found, block, line, at)
  local tag, rest = line:match("^%s*%-%-%-%s*@([%a]+)%s*(.*)$")
  if not tag then return false end
  if not TAGS[tag] then
    found.problems[#found.problems + 1] = { at = at, what = "no tag of LuaLS: @" .. tag }
  elseif on_tag[tag] then
    on_tag[tag](found, block, rest, at)
  end
  return true
end

--- Everything that is annotated in a source.
---@param path string
---@return table  functions (with `name`, `params`, `code_params`, `text`, `type`, `at`,
---  `documented`), fields, classes, aliases, problems; `meta` for a file that is never loaded
function M.parse(path)
  local found = {
    path = path, functions = {}, fields = {}, classes = {}, aliases = {}, types = {}, problems = {},
  }
  local block, lines, at = new_block(), false, 0
  for line in io.lines(path) do
    at = at + 1
    for type in line:gmatch("lualogue%.[%w_%.]*[%w_]") do
      if line:find("^%s*%-%-%-%s*[@|]") then
        found.types[#found.types + 1] = { name = type, at = at, line = line }
        if not line:find("@field%s+p[ra][%a]+%s+%S+%s") then table.insert(block.types, type) end
      end
    end
    if line:find("^%s*%-%-%-") then
      lines = true
      if not take_tag(found, block, line, at) then
        table.insert(block.text, (line:gsub("^%s*%-%-%-%s?", "")))
      end
    else
      local name, code_params = definition(line)
      if name then
        block.name, block.code_params, block.at, block.code = name, code_params, at, line
        block.documented = lines
        table.insert(code_params and found.functions or found.fields, block)
      end
      block, lines = new_block(), false
    end
  end
  return found
end

return M
