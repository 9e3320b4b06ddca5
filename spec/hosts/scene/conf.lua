-- The window is the example's.
assert(loadfile(os.getenv "SCENE_FOLDER" .. "/conf.lua"))()
