-- What lies in folders, and what bytes are known by.

local core = require "lualogue.core"
local program = require "spec.support.program"

describe("core.sha256", function()
  it("is the one that everybody has", function()
    assert.equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", core.sha256 "abc")
    assert.equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", core.sha256 "")
    assert.has_error(function() core.sha256(1) end, "bad argument 'bytes' to 'sha256' (string expected, got number)")
  end)
end)

describe("core.folder", function()
  it("lists what is there, and makes what is not", function()
    program.with_folder(function(folder)
      assert(core.make_folder(folder .. "/a/b//c"))
      assert(core.make_folder(folder .. "/a/b"))
      local file = assert(io.open(folder .. "/a/text", "wb"))
      file:write "12345"
      file:close()
      local found = {}
      for _, entry in ipairs(assert(core.folder(folder .. "/a"))) do found[entry.name] = entry end
      assert.is_true(found.b.is_folder)
      assert.is_false(found.text.is_folder)
      assert.equal(5, found.text.bytes)
      assert.is_true(math.abs(found.text.time - os.time()) < 120)
      found.b, found.text = nil, nil
      assert.is_nil(next(found))

      local _, why = core.folder(folder .. "/none")
      assert.equal("cannot read '" .. folder .. "/none': No such file or directory", why)
      _, why = core.make_folder(folder .. "/a/text/d")
      assert.equal("cannot make the folder '" .. folder .. "/a/text': File exists", why)
    end)
  end)

  it("refuses what can be no path", function()
    assert.has_error(function() core.folder(nil) end, "bad argument 'path' to 'folder' (string expected, got nil)")
    assert.has_error(function() core.make_folder "a\0b" end, "bad argument 'path' to 'make_folder' (a name of a folder expected)")
    assert.has_error(function() core.make_folder "" end, "bad argument 'path' to 'make_folder' (a name of a folder expected)")
  end)
end)
