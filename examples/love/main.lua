-- A character who talks, in a scene that never stands still: Enter says what was typed, Escape
-- cuts her short.     eval "$(make -s env LUA=luajit)" && love examples/love
-- SCENE_SAY says something at once; SCENE_SECONDS ends it, with a last picture into SCENE_SHOT.
package.path = love.filesystem.getSource() .. "/../?/init.lua;" .. package.path
local lualogue, utf8, scene = require "lualogue", require "utf8", require "scene"
local client, server = require("offline").connect(lualogue, print)
local system = "You are Mira, who keeps the lighthouse. You speak in short sentences."
local mira = client:dialogue { system = system, trim = lualogue.trim.turns(20) }
local typed, line, shown, task = "", "Type something, and press Enter.", 0, nil
local clock, frames, longest, seconds = 0, 0, 0, tonumber(os.getenv "SCENE_SECONDS")

local function talks() return task ~= nil and task:status() == "running" end

local function say(text)
  line, shown = "", 0
  task = lualogue.task(function()
    local stream, err = mira:stream(text)
    while stream do
      local piece, why = stream:next() -- waits, and the frames go on
      if piece then line = line .. piece else stream, err = nil, why end
    end
    if err then line = ("%s (%s)"):format(line, tostring(err)) end
  end)
end

local function finish()
  love.graphics.captureScreenshot(function(image)
    local file = os.getenv "SCENE_SHOT" and assert(io.open(os.getenv "SCENE_SHOT", "wb"))
    if file then file:write(image:encode("png"):getString()) file:close() end
    love.event.quit()
  end)
  print(("%d frames, the longest %.1f ms; she said: %s"):format(frames, longest * 1000, line))
end

function love.load() if os.getenv "SCENE_SAY" then say(os.getenv "SCENE_SAY") end end
function love.textinput(text) typed = typed .. text end
function love.quit() server:close() end

function love.keypressed(key)
  if key == "backspace" then typed = typed:sub(1, (utf8.offset(typed, -1) or 1) - 1) end
  if key == "return" and typed ~= "" and not talks() then say(typed) typed = "" end
  if key ~= "escape" or not talks() then return end
  task:cancel()
  line = line .. " ..."
  lualogue.task(function() task:wait() mira:keep() end) -- she knows how far she came
end

function love.update(dt)
  lualogue.step(2) -- two milliseconds of this frame at the most
  clock, frames, longest = clock + dt, frames + 1, math.max(longest, frames > 5 and dt or 0)
  shown = math.min(utf8.len(line), shown + 50 * dt) -- letter by letter, as fast as one reads
  if seconds and clock > seconds then seconds = finish() end
end

function love.draw()
  local mouth = shown < utf8.len(line) and math.abs(math.sin(12 * clock)) or 0
  local so_far = line:sub(1, utf8.offset(line, math.floor(shown) + 1) - 1)
  scene.draw(clock, mouth, line == "" and ("."):rep(clock * 3 % 4) or so_far, typed)
end
