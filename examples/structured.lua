-- Answers as checked tables instead of text.  usage: lua examples/structured.lua [sentence]
local here = arg[0]:match("^(.*[/\\])") or "./"
package.path = here .. "?/init.lua;" .. package.path

local lualogue = require "lualogue"
local client, server = require("offline").connect(lualogue)

local sentence = arg[1] and table.concat(arg, " ")
  or "A table for 4 people at Luigi, not too late, near the window."
local messages = {
  { role = "system", content = "Extract what is asked for from the user's sentence." },
  { role = "user", content = sentence },
}
print("> " .. sentence)

-- 1. One line says what the answer must look like: names, types, "?" for what may be missing.
local booking = lualogue.schema [[
  place: name of the restaurant
  guests int: how many people, the speaker included
  seat window|garden|bar
  late bool?: after nine in the evening
]]
local found, parsed = client:parse({ messages = messages }, booking)
if not found then
  print(parsed.kind, parsed) -- refused, cut, no JSON, or it does not fit: each is told apart
else
  print(("%s, %d guests, %s, %s"):format(
    found.place, found.guests, found.seat, found.late and "late" or "not late"))
  print(("(asked by %s, %d re-asks, %d tokens)"):format(
    parsed.method, parsed.retries, parsed.usage and parsed.usage.total_tokens or 0))
end

-- 2. The same as it comes: the table grows while the model writes.
local stream = lualogue.assert(client:stream {
  messages = messages,
  response_format = lualogue.schema.response_format(booking),
})
local before
for answer, state in stream:parsed(booking) do
  local line = state .. ":"
  for _, name in ipairs(booking.required) do
    line = ("%s %s=%s"):format(line, name, tostring(answer[name]))
  end
  if line ~= before then print(line) end
  before = line
end

-- 3. Any value can be held against a schema; the fault names its path.
local guests = lualogue.schema "guests [{name, age int?}]"
local ok, fault = lualogue.schema.validate({ guests = { { name = "Ada" }, { name = 7 } } }, guests)
print(ok, fault)
server:close()
