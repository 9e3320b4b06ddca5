-- Two characters, each with a memory of its own: what the guard heard the smith does not know. Lore
-- comes along when it is spoken of, old turns come back when they matter, and both are there again
-- when the game is loaded.
local here = arg[0]:match("^(.*[/\\])") or "./"
package.path = here .. "?/init.lua;" .. package.path

local lualogue = require "lualogue"
local trim = lualogue.trim
local client, server = require("offline").connect(lualogue)

local lore = trim.lore { entries = {
  { keys = { "dragon", "ash" }, text = "The dragon Ash sleeps beneath the northern hill." },
  { keys = { "king" }, text = "King Oswin has not been seen since spring." },
} }

local function on_event(event)
  for _, note in ipairs(event.type == "recalled" and event.info.matched or {}) do
    print("     ~ comes to mind: " .. note.text:gsub("%s+", " "))
  end
end

-- Few turns are sent, so that even this short scene outlasts the window.
local function character(system, path)
  local recall = trim.recall { model = server.embedding_model, k = 1, min_score = 0.2 }
  return lualogue.assert(client:dialogue {
    load = path, system = system, on_event = on_event,
    trim = trim.chain { lore, recall, trim.turns(2) },
  })
end

local function say(name, npc, text)
  print(("you to the %s> %s"):format(name, text))
  print(("%s> %s"):format(name, (lualogue.assert(npc:ask(text)))))
end

local guard = character "You are the guard of the northern gate. You are short of words."
local smith = character "You are the smith. You love gossip."

guard:hear "A cloaked rider left the gate at midnight, towards the hill."
guard:inject { id = "mood", text = "(You have not slept.)", depth = 1 }
say("guard", guard, "Good morning. Has the dragon been seen?")
say("guard", guard, "I would like some bread.")
say("guard", guard, "Is the inn still open?")
say("guard", guard, "Who left the gate at midnight?")
say("smith", smith, "Who left the gate at midnight?")

-- The game is saved, and goes on another day.
local path = os.tmpname()
lualogue.assert(guard:save(path))
guard = character(nil, path)
os.remove(path)
say("guard", guard, "And where is the king?")
print(("the guard remembers %d messages, the smith %d"):format(#guard:history(), #smith:history()))
server:close()
