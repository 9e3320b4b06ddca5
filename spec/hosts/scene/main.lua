-- examples/love with somebody at the keys: SCENE_KEYS is a Lua program of what happens, a coroutine
-- that is resumed in each frame with what the scene shows.
local folder = os.getenv "SCENE_FOLDER"
package.path = folder .. "/../?/init.lua;" .. folder .. "/?.lua;" .. package.path
local scene = require "scene"
assert(loadfile(folder .. "/main.lua"))()

local shown, draw, update = "", scene.draw, love.update
function scene.draw(clock, mouth, line, typed)
  shown = line .. "|" .. typed
  return draw(clock, mouth, line, typed)
end

local script = coroutine.wrap(assert(loadstring(os.getenv "SCENE_KEYS")))

local player = {}
function player.key(key) love.event.push("keypressed", key, key, false) end
function player.type(text) for letter in text:gmatch "." do love.event.push("textinput", letter) end end
function player.sees(wanted)
  for _ = 1, 3000 do -- frames
    if shown == wanted then
      io.stdout:write("seen: ", shown, "\n")
      return io.stdout:flush()
    end
    coroutine.yield()
  end
  io.stdout:write("not seen: ", wanted, " but ", shown, "\n")
  io.stdout:flush()
  coroutine.yield "over"
end

local over = false
function love.update(dt)
  update(dt)
  if not over then over = script(player) == "over" end
  if over then love.event.quit() end
end
