--- JSON as the API wants it: values that Lua cannot tell apart are told apart by a mark, by
--- the key they stand under, or by an error that says where. Loads the native core.
---
---     local json = require "lualogue.json"
---     local text = json.encode { model = "gpt-4o-mini", tools = {}, seed = 42, stop = json.null }
---     local value, err = json.decode(text)
---
--- An empty table is what the API has under its key: `tools`, `messages`, `stop`, `required` are
--- lists, everything else (and everything unknown) is an object. Say otherwise with
--- `json.array{}` and `json.object{}`.
---
--- Equal values are equal text, in every process and on every Lua: keys are sorted by their bytes.
--- Where their order means something, `json.ordered` or a metatable with `__jsonorder` says so.

local native = require "lualogue.native"

local core = native.core().json

---@class lualogue.Json
local json = {}

--- JSON's null, equal to `cjson.null` and `ngx.null`. `vim.NIL` is understood as well.
--- Decoded lists have it where the text has null; decoded objects have no such field at all.
---@type lightuserdata
json.null = core.null

--- Encode a value as JSON text.
---
--- Tables with the keys 1 to n are lists, tables with string keys objects, their keys sorted by
--- their bytes; a vector is a list of numbers. Where the API has an object with keys of yours
--- (`logit_bias`, `metadata`), and in `json.object`, number keys become strings. Metatables are not
--- consulted (no `__pairs`, no `__index`), but for the marks of this library, of lua-cjson
--- (`empty_array`, `array_mt`, `empty_array_mt`), of Neovim (`vim.NIL`, `vim.empty_dict()`) and of
--- dkjson (`__jsonorder`: a list of the keys that come first, in this order).
---
--- Whole numbers are written with all their digits, 1.0 as 1; other numbers with the fewest digits
--- that read back equal. Lua 5.1 and 5.2 have floats only, so beyond 2^53 a whole number has other
--- digits there than an integer of 5.3 has; LuaJIT has `LL` for those. All else is the same bytes
--- on every Lua.
---
--- An assistant's message in a list `messages` is made as the API insists on it, so that one that
--- came may be sent back: without `content` it gets `"content":null`, empty `tool_calls` are left
--- out, and `arguments` that some server sent as an object are sent as their text.
---
--- Raises at the caller's line, with the path of what cannot be sent
--- (`messages[2].content: a function cannot be sent as JSON`): a list with a hole, a table
--- with items and fields, NaN, an infinite number, a function, a coroutine, a foreign
--- userdata, a table inside itself, more than 512 levels, a string that is not UTF-8, a key that
--- is there as a number and as a string, more than 512 MiB.
---
---     json.encode { 1, 2.5, "three" }                  --> [1,2.5,"three"]
---     json.encode { parameters = json.array {} }       --> {"parameters":[]}
---@param value any anything but nil
---@return string text
function json.encode(value) return core.encode(value) end

--- Decode JSON text.
---
--- Fields that are null are absent; nulls in lists are `json.null`. Whole numbers are integers
--- where Lua has them; beyond 2^53 they lose digits. What servers write that is not JSON costs as
--- little as can be: NaN, Infinity and numbers too large for a float are null, half of a surrogate
--- pair and bytes that are not UTF-8 become U+FFFD, so that every value can be sent again.
---
--- Returns the value (which is `false` or `json.null` for such a text), or nil and an error
--- of the kind `decode` (of the kind `limit` for more than 512 levels). Raises only if `text`
--- is not a string.
---
---     local value, err = json.decode '{"n":1,"list":[null]}'
---     print(value.n, value.list[1] == json.null)       --> 1  true
---@param text string
---@return any value nil if there is an error
---@return lualogue.Error? err
function json.decode(text) return core.decode(text) end

--- Mark a table as a list, even while it is empty, and return the same table.
---
--- Without an argument a new table is marked. Raises for a table that has a metatable of its
--- own, since the mark would replace it: give a copy.
---
---     json.encode { filters = json.array {} }          --> {"filters":[]}
---@generic T: table
---@param list? T a new table if absent
---@return T list the same table
function json.array(list) return core.array(list) end

--- Mark a table as an object, even while it is empty, and return the same table. As `array`.
---
---     json.encode { tools = json.object {} }           --> {"tools":{}}
---@generic T: table
---@param object? T a new table if absent
---@return T object the same table
function json.object(object) return core.object(object) end

--- Make an object whose fields are sent in this order.
---
--- What it returns is a table like any other, with the fields as its own: read them, change them,
--- add to them. Fields that are added later come behind the others, sorted. A pair whose value is
--- nil makes no field. Models write the fields of an answer in the order of the schema, so there it
--- matters; it decides nothing where order has no meaning.
---
--- Raises for what is not a list of pairs, a key that is neither string nor number, and a key that
--- comes twice.
---
---     json.encode(json.ordered { { "why", 1 }, { "score", 2 } })  --> {"why":1,"score":2}
---@param pairs any[][] { key, value } each
---@return table object
function json.ordered(pairs)
  local function refuse(why)
    native.core().raise("bad argument 'pairs' to 'ordered' (" .. why .. ")")
  end
  if type(pairs) ~= "table" then refuse("list of pairs expected, got " .. type(pairs)) end
  local object, order, n, known = {}, {}, 0, {}
  for _ in next, pairs do n = n + 1 end
  for i = 1, n do
    local pair = rawget(pairs, i)
    local key = type(pair) == "table" and rawget(pair, 1)
    if type(key) ~= "string" and type(key) ~= "number" or key ~= key then
      refuse(("[%d] is no pair { key, value } with a string for its key"):format(i))
    end
    if known[key] then refuse(("the key %q comes twice"):format(key)) end
    known[key], order[i], object[key] = true, key, rawget(pair, 2)
  end
  return setmetatable(object, { __jsonorder = order })
end

--- JSON text that is sent as it stands, wherever in a value it is put. `tostring` gives it back.
---
--- For what Lua's values cannot say (`1.0`, an integer of twenty digits), and for text that is JSON
--- already. Raises if it is not JSON, with the place where it stops being it.
---
---     json.encode { scale = json.raw "1.0" }           --> {"scale":1.0}
---@param text string one JSON value
---@return userdata raw
function json.raw(text) return core.raw(text) end

--- What reads JSON here: `"linked"` (lua-cjson inside the core), `"cjson"` (the installed
--- lua-cjson) or `"vim.json"` (Neovim's). Returns nil and an error if there is none.
---
---     print(assert(json.library()))                    --> cjson
---@return "linked"|"cjson"|"vim.json"|nil name
---@return lualogue.Error? err
function json.library() return core.library() end

return json
