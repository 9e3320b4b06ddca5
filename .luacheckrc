-- What every Lua has in common, and nothing else: 5.1, 5.2, 5.3, 5.4 and LuaJIT.
std = "min"
max_line_length = 100
exclude_files = { "build/" }

-- Names that only some of them have may be asked for ("unpack or table.unpack").
read_globals = { "unpack", "jit", table = { fields = { "unpack", "pack", "move" } } }

files["spec"] = { std = "min+busted" }
files["*.rockspec"] = { std = "rockspec" }
