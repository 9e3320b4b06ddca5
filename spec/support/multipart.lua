--- Reads a form (multipart/form-data) as strictly as a server might, for the specs.

local multipart = {}

--- The parts of a recorded request; raises for anything that is no form.
---@param request fixture.Request
---@return { name: string, filename: string?, type: string?, body: string }[]
function multipart.parts(request)
  local kind = assert(request:header "Content-Type", "no Content-Type")
  local boundary = assert(kind:match "^multipart/form%-data; boundary=([%w-]+)$", kind)
  assert(tonumber(request:header "Content-Length") == #request.body, "another length")
  local body, parts, at = "\r\n" .. request.body, {}, 1
  while true do
    local first, last = body:find("\r\n--" .. boundary, at, true)
    assert(first, "the form does not end")
    if parts[#parts] then parts[#parts].body = body:sub(at, first - 1) end
    if body:sub(last + 1) == "--\r\n" then return parts end
    assert(body:sub(last + 1, last + 2) == "\r\n", "something behind a boundary")
    local head_end, next_at = body:find("\r\n\r\n", last + 1, true)
    local part = { headers = 0 }
    for line in body:sub(last + 3, head_end + 1):gmatch "(.-)\r\n" do
      part.headers = part.headers + 1
      local name = line:match '^Content%-Disposition: form%-data; name="([^"]*)"'
      local filename = line:match '^Content%-Disposition: form%-data; name="[^"]*"; filename="([^"]*)"$'
      local of_part = line:match "^Content%-Type: (.+)$"
      assert(name or of_part, "a line of its own: " .. line)
      part.name, part.filename, part.type = name or part.name, filename or part.filename, of_part or part.type
    end
    parts[#parts + 1], at = part, next_at + 1
  end
end

return multipart
