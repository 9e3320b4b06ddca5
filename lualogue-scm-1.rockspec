rockspec_format = "3.0"
package = "lualogue"
version = "scm-1"
source = {
  -- The checkout that this file lies in: luarocks make.
  url = "git+file://.",
}
description = {
  summary = "Talk to OpenAI and every server that speaks its protocol",
  detailed = [[
    A native core on libcurl does HTTP and streaming without ever freezing its host; Lua on
    top does dialogue. For scripts, Neovim, game engines, nginx: Lua 5.1 to 5.4 and LuaJIT.
  ]],
  license = "MIT",
  labels = { "openai", "llm", "http", "streaming" },
}
supported_platforms = { "unix" }
dependencies = {
  "lua >= 5.1, < 5.5",
  "lua-cjson >= 2.1.0",
}
external_dependencies = {
  -- By its library: the header lies in a folder of the architecture on Debian.
  CURL = { library = "curl" },
}
build = {
  type = "make",
  build_target = "rock-build",
  install_target = "install-files",
  variables = {
    BUILD = "build/rock",
  },
  build_variables = {
    CFLAGS = "$(CFLAGS)",
    LUA_INC = "-I$(LUA_INCDIR)",
    CURL_INC = "-I$(CURL_INCDIR)",
    CURL_LIB = "-L$(CURL_LIBDIR) -lcurl",
  },
  install_variables = {
    LUADIR = "$(LUADIR)",
    LIBDIR = "$(LIBDIR)",
  },
  install = {
    bin = { lualogue = "lua/lualogue/command/lualogue" },
  },
}
