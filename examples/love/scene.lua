-- What one sees: the lighthouse's turning light, Mira, what she says, and what is typed.
local scene = {}

---@param clock number seconds
---@param mouth number how far it is open, from 0 to 1
---@param line string as far as it is shown
---@param typed string
function scene.draw(clock, mouth, line, typed)
  local g = love.graphics
  g.clear(0.07, 0.09, 0.18)
  g.setColor(1, 0.9, 0.6, 0.15)
  g.arc("fill", 560, 40, 700, clock, clock + 0.3)
  g.setColor(0.3, 0.32, 0.4)
  g.polygon("fill", 545, 40, 575, 40, 590, 360, 530, 360)
  local y = 200 + 3 * math.sin(2 * clock) -- she breathes
  g.setColor(0.2, 0.3, 0.4)
  g.rectangle("fill", 70, y + 40, 80, 120, 30)
  g.setColor(0.85, 0.7, 0.55)
  g.circle("fill", 110, y, 50)
  g.setColor(0.2, 0.1, 0.1)
  g.circle("fill", 92, y - 12, 5)
  g.circle("fill", 128, y - 12, 5)
  g.ellipse("fill", 110, y + 22, 14, 2 + 6 * mouth)
  g.setColor(1, 1, 1)
  g.printf(line, 190, 110, 320)
  g.print("> " .. typed .. (clock % 1 < 0.5 and "_" or ""), 190, 320)
end

return scene
