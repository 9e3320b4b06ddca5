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

local core = require("lualogue.native").core().json

---@class lualogue.Json
local json = {}

--- JSON's null, equal to `cjson.null` and `ngx.null`. `vim.NIL` is understood as well.
--- Decoded lists have it where the text has null; decoded objects have no such field at all.
---@type lightuserdata
json.null = core.null

--- Encode a value as JSON text.
---
--- Tables with the keys 1 to n are lists, tables with string keys objects; a vector is a list
--- of numbers. Integers are written with all their digits, other numbers with the fewest that
--- read back equal. Metatables are not consulted (no `__pairs`, no `__index`), but for the
--- marks of this library, of lua-cjson (`empty_array`, `array_mt`, `empty_array_mt`) and of
--- Neovim (`vim.NIL`, `vim.empty_dict()`).
---
--- An assistant's message in a list `messages` that has `tool_calls` and no `content` gets
--- `"content":null`, which the API insists on.
---
--- Raises at the caller's line, with the path of what cannot be sent
--- (`messages[2].content: a function cannot be sent as JSON`): a list with a hole, a table
--- with items and fields, NaN, an infinite number, a function, a coroutine, a foreign
--- userdata, a table inside itself, more than 512 levels, a string that is not UTF-8, more
--- than 512 MiB.
---
---     json.encode { 1, 2.5, "three" }                  --> [1,2.5,"three"]
---     json.encode { parameters = json.array {} }       --> {"parameters":[]}
---@param value any anything but nil
---@return string text
function json.encode(value) return core.encode(value) end

--- Decode JSON text.
---
--- Fields that are null are absent; nulls in lists are `json.null`. Whole numbers are integers
--- where Lua has them; beyond 2^53 they lose digits. Half of a surrogate pair becomes U+FFFD.
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

--- What reads JSON here: `"linked"` (lua-cjson inside the core), `"cjson"` (the installed
--- lua-cjson) or `"vim.json"` (Neovim's). Returns nil and an error if there is none.
---
---     print(assert(json.library()))                    --> cjson
---@return "linked"|"cjson"|"vim.json"|nil name
---@return lualogue.Error? err
function json.library() return core.library() end

return json
