-- What every Lua has in common, and nothing else: 5.1, 5.2, 5.3, 5.4 and LuaJIT.
std = "min"
max_line_length = 100
self = false -- a method may have no use for it
exclude_files = { "build/" }

-- Names that only some of them have may be asked for ("unpack or table.unpack").
read_globals = {
  "unpack", "jit",
  table = { fields = { "unpack", "pack" } },
  math = { fields = { "type", "tointeger" } },
}

-- Specs ask which Lua runs them; scripts of misbehaviour read better in long lines.
files["spec"] = {
  std = "max+busted",
  max_line_length = false,
  ignore = { "512" }, -- a loop that is left at once: what a break does is tested
}
-- Programs of a host, with what it has.
files["spec/hosts/nvim.lua"] = { globals = { "vim" } }
files["spec/hosts/mpv.lua"] = { globals = { "mp" } }
files["spec/hosts/nginx.lua"] = { globals = { "ngx" } }
files["spec/hosts/love"] = { globals = { "love" } }
files["spec/hosts/scene"] = { globals = { "love" } }
files["examples/neovim"] = { globals = { "vim" } }
files["examples/love"] = { globals = { "love" } }
files["examples/nginx"] = { globals = { "ngx" } }
files["examples/offline"] = { max_line_length = 120 }
-- Runs in the server, hence on LuaJIT or 5.1 only.
files["examples/offline/embed.lua"] = { std = "luajit" }
files["*.rockspec"] = { std = "rockspec" }
