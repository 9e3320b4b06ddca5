function love.conf(t)
  t.identity = "lualogue-spec"
  t.window.width, t.window.height, t.window.title = 320, 200, "lualogue"
  t.modules.audio, t.modules.joystick, t.modules.physics, t.modules.sound = false, false, false, false
end
