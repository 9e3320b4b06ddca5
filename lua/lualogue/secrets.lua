--- What must stand in no file that we write: keys, and whatever else the caller gave to get in.

local secrets = {}

--- Header fields whose values are words that any text may have.
local PLAIN = {
  accept = true, ["content-type"] = true, ["user-agent"] = true, ["openai-beta"] = true,
}

local function add(found, value)
  if type(value) == "table" then
    for _, inner in next, value do add(found, inner) end
  elseif type(value) == "string" and #value >= 8 then
    found[value] = true
  end
end

--- What of a client's or a call's options must stand in no file.
---@param found table<string, boolean> added to
---@param options any of a client or a call
function secrets.note(found, options)
  if type(options) ~= "table" then return end
  for _, name in ipairs { "api_key", "organization", "project" } do
    add(found, rawget(options, name))
  end
  local query = rawget(options, "query")
  for name, value in next, type(query) == "table" and query or {} do
    if name ~= "api-version" then add(found, value) end
  end
  local headers = rawget(options, "headers")
  for name, value in next, type(headers) == "table" and headers or {} do
    if not PLAIN[tostring(name):lower()] then add(found, value) end
  end
  local url = rawget(options, "base_url")
  if type(url) == "string" then
    add(found, { url:match "//([^/?#]*)@", url:match "//[^/?#:]*:([^/?#]*)@" })
    for value in (url:match "%?(.*)" or ""):gmatch "=([^&]*)" do add(found, value) end
  end
end

--- Put the characters "*" in the place of what is secret: the lengths stay.
---@param found table<string, boolean>
---@param text string
---@return string
function secrets.mask(found, text)
  for secret in next, found do
    for _, form in ipairs { secret, (secret:gsub("/", "\\/")) } do
      if text:find(form, 1, true) then
        text = text:gsub(form:gsub("%p", "%%%0"), ("*"):rep(#form))
      end
    end
  end
  return text
end

return secrets
