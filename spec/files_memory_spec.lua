-- A file of 256 MiB up and down costs next to no memory. (1 GiB: make bench-files.)
local program = require "spec.support.program"

describe("a large file", function()
  it("is sent and received in less than 16 MiB", function()
    local output, code = program.run(program.INTERPRETER .. " spec/bench/files.lua 256")
    assert.equal(0, code, output)
    assert.matches("upload_kib=%-?%d+ ", output)
  end)
end)
