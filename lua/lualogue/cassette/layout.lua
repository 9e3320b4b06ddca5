--- JSON text as people read and compare it: keys sorted, a line each where it is long. Every value
--- keeps the characters that it was written with, so that nothing of it is lost on the way.

local layout = {}

local WIDTH = 96

---@class lualogue.cassette.Node a value of the text
---@field [integer] lualogue.cassette.Node items, or the values of `keys`
---@field text? string of a scalar, as it stands
---@field open? "["|"{"
---@field keys? string[] as they are written, sorted
---@field length integer characters on one line

local parse

local function parse_string(text, at)
  local last = at + 1
  while true do
    local found = text:find('["\\]', last)
    if text:byte(found) == 34 then return text:sub(at, found), found + 1 end
    last = found + 2
  end
end

local function parse_object(text, at)
  local node, fields, n = { open = "{", keys = {}, length = 2 }, {}, 0
  at = text:find("%S", at + 1)
  while text:byte(at) ~= 125 do
    local key
    if text:byte(at) == 44 then at = text:find("%S", at + 1) end
    key, at = parse_string(text, at)
    at = text:find("%S", text:find(":", at, true) + 1)
    fields[key], at = parse(text, at)
    n = n + 1
    node.keys[n] = key
    node.length = node.length + #key + 4 + fields[key].length
    at = text:find("%S", at)
  end
  table.sort(node.keys)
  for i, key in ipairs(node.keys) do node[i] = fields[key] end
  return node, at + 1
end

local function parse_list(text, at)
  local node = { open = "[", length = 2 }
  at = text:find("%S", at + 1)
  while text:byte(at) ~= 93 do
    if text:byte(at) == 44 then at = text:find("%S", at + 1) end
    local item
    item, at = parse(text, at)
    node[#node + 1] = item
    node.length = node.length + item.length + 2
    at = text:find("%S", at)
  end
  return node, at + 1
end

function parse(text, at)
  local first = text:byte(at)
  if first == 123 then return parse_object(text, at) end
  if first == 91 then return parse_list(text, at) end
  local scalar
  if first == 34 then
    scalar, at = parse_string(text, at)
  else
    scalar = text:match("^[%w+.-]+", at)
    at = at + #scalar
  end
  return { text = scalar, length = #scalar }, at
end

--- The values of a text that is known to be JSON.
---@param text string
---@return lualogue.cassette.Node
function layout.parse(text) return (parse(text, text:find "%S")) end

--- The field of an object, nil if it has none.
---@param node lualogue.cassette.Node?
---@param name string of plain letters
---@return lualogue.cassette.Node?
function layout.field(node, name)
  for i, key in ipairs(node and node.keys or {}) do
    if key == '"' .. name .. '"' then return node[i] end
  end
end

local function write(node, out, indent, is_short)
  if node.text then
    out[#out + 1] = node.text
    return
  end
  local close = node.open == "[" and "]" or "}"
  is_short = is_short or node.length + #indent <= WIDTH
  local inner = indent .. "  "
  out[#out + 1] = node.open
  for i, item in ipairs(node) do
    if i > 1 then out[#out + 1] = "," end
    if not is_short then
      out[#out + 1] = "\n" .. inner
    elseif i > 1 then
      out[#out + 1] = " "
    end
    if node.keys then out[#out + 1] = node.keys[i] .. ": " end
    write(item, out, inner, is_short)
  end
  if not is_short and #node > 0 then out[#out + 1] = "\n" .. indent end
  out[#out + 1] = close
end

--- The value on as many lines as it needs.
---@param node lualogue.cassette.Node
---@return string text with a line end
function layout.pretty(node)
  local out = {}
  write(node, out, "", false)
  out[#out + 1] = "\n"
  return table.concat(out)
end

--- The value on one line, without blanks.
---@param node lualogue.cassette.Node
---@return string
function layout.compact(node)
  if node.text then return node.text end
  local parts = {}
  for i, item in ipairs(node) do
    parts[i] = (node.keys and node.keys[i] .. ":" or "") .. layout.compact(item)
  end
  return node.open .. table.concat(parts, ",") .. (node.open == "[" and "]" or "}")
end

return layout
