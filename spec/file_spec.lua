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
