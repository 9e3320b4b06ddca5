-- The model calls functions of this program; one of them asks you first.
-- usage: lua examples/tools.lua [question]
local here = arg[0]:match("^(.*[/\\])") or "./"
package.path = here .. "?/init.lua;" .. package.path

local lualogue = require "lualogue"
local client, server = require("offline").connect(lualogue)

local notes = { "water the plants", "call the dentist" }

local dialogue = client:dialogue { system = "Look after the user's notes.", max_rounds = 5 }

dialogue:tool {
  name = "list_notes",
  description = "List the notes of the user.",
  run = function() return notes end, -- what is no text is sent as JSON
}

dialogue:tool {
  name = "delete_note",
  description = "Delete a note by its number.",
  parameters = "number int: from 1", -- arguments that do not fit are told to the model
  approve = function(arguments)
    io.write(("  delete note %d? [y/N] "):format(arguments.number))
    io.flush()
    local said = io.read() or ""
    print(said)
    if said:lower():find "^y" then return true end
    return false, "the user said no" -- the model hears why
  end,
  run = function(arguments)
    local note = table.remove(notes, arguments.number)
    if not note then return nil, "there is no such note" end
    return "deleted: " .. note
  end,
  timeout = 5,
}

local questions = arg[1] and { table.concat(arg, " ") }
  or { "Please list my notes.", "Delete note number 2." }
for _, question in ipairs(questions) do
  print("you> " .. question)
  local text, answer = dialogue:ask(question)
  if not text then
    print("  [" .. tostring(answer) .. "]") -- dialogue:retry() goes on: nothing runs twice
    break
  end
  for _, call in ipairs(answer.calls) do
    print(("  %s(%s): %s, %s"):format(call.name, call.text, call.status, call.content))
  end
  print(" ai> " .. text)
end
server:close()
