-- core.replace_file: a file is replaced as a whole, or not at all.
local core = require "lualogue.core"
local program = require "spec.support.program"
local sources = require "spec.support.sources"

describe("replace_file", function()
  local folder
  before_each(function() folder = sources.lines_of("mktemp -d")[1] end)
  after_each(function() os.execute("chmod 700 " .. folder .. "; rm -r " .. program.quote(folder)) end)

  local function read(path)
    local file = assert(io.open(path, "rb"))
    local bytes = file:read "*a"
    file:close()
    return bytes
  end

  local function listed() return table.concat(sources.lines_of("ls -A " .. program.quote(folder)), " ") end

  it("writes any bytes, of any length, for their owner alone", function()
    local path = folder .. "/a"
    for _, bytes in ipairs { "", "x", "\0\255\n", ("0123456789"):rep(300000), "short again" } do
      assert.is_true(core.replace_file(path, bytes))
      assert.is_true(read(path) == bytes)
      assert.equal("600", sources.lines_of("stat -c %a " .. program.quote(path))[1])
    end
    assert.equal("a", listed())
  end)

  it("takes the name without a folder", function()
    local output = program.run(("%s -e %s"):format(program.INTERPRETER,
      program.quote 'print(require("lualogue.core").replace_file("name", "here"))'), { cwd = folder })
    assert.equal("true\n", output)
    assert.equal("here", read(folder .. "/name"))
  end)

  it("leaves the old file, and nothing beside it, where it fails", function()
    local path = folder .. "/a"
    assert.is_true(core.replace_file(path, "old"))
    for _, bad in ipairs { folder .. "/none/a", path .. "/a", folder, folder .. "/" .. ("n"):rep(300) } do
      local ok, why = core.replace_file(bad, "new")
      assert.is_nil(ok)
      assert.truthy(why:find("^cannot %l+ '"), why)
    end
    assert.equal("a", listed())
    assert.equal("old", read(path))
  end)

  it("refuses what is no name or no bytes", function()
    for _, call in ipairs { { "" }, { "a\0b", "x" }, { 7, "x" }, { "a", {} } } do
      assert.is_false(pcall(core.replace_file, call[1], call[2]))
    end
  end)
end)

describe("append_file", function()
  it("adds to the end, and leaves nothing of what does not fit", function()
    program.with_folder(function(folder)
      local path = folder .. "/log"
      assert.is_true(core.append_file(path, "a\n"))
      assert.is_true(core.append_file(path, "b\0\n"))
      local file = assert(io.open(path, "rb"))
      assert.equal("a\nb\0\n", file:read "*a")
      file:close()
      assert.equal("600", sources.lines_of("stat -c %a " .. program.quote(path))[1])
      for _, bad in ipairs { "/dev/full", folder, folder .. "/none/log" } do
        local ok, why = core.append_file(bad, "x")
        assert.is_nil(ok)
        assert.truthy(why:find("^cannot %l+ '"), why)
      end
      -- A file that may not grow beyond 64 blocks of 1,024 bytes.
      local code = ([[
        local core = require "lualogue.core"
        local path = %q
        assert(core.append_file(path, ("x"):rep(60000)))
        print(core.append_file(path, ("y"):rep(20000)))
        print(core.append_file(path, "z"))
        print(io.open(path):seek("end"))]]):format(folder .. "/small")
      local output = program.run("bash -c " .. program.quote("trap '' XFSZ; ulimit -f 64; exec "
        .. program.INTERPRETER .. " -e " .. program.quote(code)))
      assert.matches("^nil\tcannot write '[^\n]+\ntrue\n60001", output)
    end)
  end)

  it("refuses what is no name or no bytes", function()
    for _, call in ipairs { { "" }, { "a\0b", "x" }, { 7, "x" }, { "a", {} } } do
      assert.is_false(pcall(core.append_file, call[1], call[2]))
    end
  end)
end)

describe("folders", function()
  it("are made with all above them, for their owner", function()
    program.with_folder(function(folder)
      local path = folder .. "/a/b/c"
      for _ = 1, 2 do assert.is_true(core.make_folder(path)) end
      assert.is_true(core.make_folder(path .. "//d/"))
      for _, made in ipairs { "/a", "/a/b", "/a/b/c", "/a/b/c/d" } do
        assert.equal("700", sources.lines_of("stat -c %a " .. program.quote(folder .. made))[1])
      end
      assert.is_true(core.append_file(path .. "/file", "12345"))
      local entries = assert(core.folder(path))
      table.sort(entries, function(a, b) return a.name < b.name end)
      assert.equal(2, #entries)
      assert.same({ "d", true }, { entries[1].name, entries[1].is_folder })
      assert.same({ "file", false, 5 }, { entries[2].name, entries[2].is_folder, entries[2].bytes })
      assert.is_true(math.abs(entries[2].time - os.time()) < 100)
      for _, call in ipairs { "make_folder", "folder" } do
        local ok, why = core[call](path .. "/file/below")
        assert.is_nil(ok)
        assert.truthy(why:find("^cannot [%l ]+ '"), why)
        assert.is_false(pcall(core[call], ""))
        assert.is_false(pcall(core[call]))
      end
      local output = program.run(("%s -e %s"):format(program.INTERPRETER,
        program.quote 'print(require("lualogue.core").current_folder())'), { cwd = path })
      assert.equal(sources.lines_of("cd " .. program.quote(path) .. " && pwd -P")[1] .. "\n", output)
    end)
  end)
end)

describe("terminal", function()
  it("knows one from a file", function()
    local code = 'print(require("lualogue.core").terminal(0))'
    local command = ("%s -e %s"):format(program.INTERPRETER, program.quote(code))
    assert.matches("^%s*$", (program.run(command)))
    local output = program.run("script -qec " .. program.quote("stty cols 77 rows 33; " .. command) .. " /dev/null")
    assert.matches("77%s+33", output)
    assert.is_false(pcall(core.terminal))
  end)
end)
