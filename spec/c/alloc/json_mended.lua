-- The rare ways of JSON: a text that has to be mended, one that cannot be, every kind of
-- error with a path.
local json = require("lualogue.json")
json.decode("1")

return function()
  local mended, err = json.decode('["\\ud83d", null, 2.0, {"x":null}]')
  if mended == nil then return err == nil end
  local none, problem = json.decode('{"a":')
  assert(none == nil and problem.kind == "decode")
  for _, value in ipairs({ { a = print }, { 1, nil, 3 }, { a = "\255" }, { a = 0 / 0 } }) do
    assert(not pcall(json.encode, value))
  end
  local repaired, why = json.decode('{"a":"\255x","\255":NaN}')
  if repaired == nil then return why == nil end
  local call = { ["function"] = { arguments = { a = "\"" } } }
  json.encode({ messages = { { role = "assistant", tool_calls = { call } } } })
  assert(not pcall(json.raw, "[1"))
  return json.encode({ tools = {}, stop = json.array(), filters = json.object() }) ~= nil
end
