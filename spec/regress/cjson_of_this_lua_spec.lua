-- LuaRocks says which headers a build is to have, and nothing else: the rock for Lua 5.1 was linked
-- with the lua-cjson of 5.4, the default of the Makefile.
local program = require "spec.support.program"

describe("the lua-cjson that is linked into the module", function()
  it("is that of the headers", function()
    program.with_folder(function(folder)
      local function shell(text)
        local output, code = program.run("sh -c " .. program.quote(text))
        assert.equal(0, code, output)
        return output
      end
      local function write(path, text)
        local file = assert(io.open(folder .. path, "w"))
        file:write(text)
        file:close()
      end
      for _, version in ipairs { "5.1", "5.4" } do
        local place = folder .. "/" .. version
        shell("mkdir " .. place)
        write(("/%s/cjson.c"):format(version), "int luaopen_cjson(void *L) { return L != 0; }\n")
        write(("/lua%s-cjson.pc"):format(version), "libdir=" .. place .. "\nName: x\nVersion: 1\nDescription: x\n")
        shell(("cd %s && cc -fPIC -c cjson.c && ar rc liblua%s-cjson.a cjson.o"):format(place, version))
      end
      local function probe(headers, asked)
        local output = shell(("PKG_CONFIG_PATH=%s csrc/binding/json/cjson_probe.sh cc '%s' %s"):format(folder, headers, asked or ""))
        return (output:gsub("\n", ""):gsub("^.*/", ""))
      end
      local function headers(name) return (program.run("pkg-config --cflags " .. name):gsub("%s+$", "")) end
      assert.equal("liblua5.4-cjson.a", probe(headers "lua5.4"))
      assert.equal("liblua5.1-cjson.a", probe(headers "luajit"))
      assert.equal("", probe "-I/nowhere")
      assert.equal("liblua5.1-cjson.a", probe("-I/nowhere", folder .. "/5.1/liblua5.1-cjson.a"))
    end)
  end)
end)
