function love.conf(t)
  t.identity, t.window.title = "lualogue-scene", "The lighthouse"
  t.window.width, t.window.height = 640, 360
  for _, name in ipairs { "audio", "joystick", "physics", "sound" } do t.modules[name] = false end
end
