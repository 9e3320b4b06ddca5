--- What the environment says where the options of a client say nothing.

local environment = {}

local VARIABLES = {
  api_key = "OPENAI_API_KEY", base_url = "OPENAI_BASE_URL",
  organization = "OPENAI_ORG_ID", project = "OPENAI_PROJECT_ID",
}

--- An environment variable; an empty or blank one counts as unset.
---@param name string
---@return string? value without blanks around it
function environment.variable(name)
  local value = os.getenv(name)
  if value and value:match("%S") then return value:match("^%s*(.-)%s*$") end
end

--- Whom to trust; curl's own variable comes before OpenSSL's, as it does for curl.
local function fill_authorities(settings)
  if settings.ca_file ~= nil or settings.ca_path ~= nil then return end
  settings.ca_file = environment.variable "CURL_CA_BUNDLE" or environment.variable "SSL_CERT_FILE"
  settings.ca_path = environment.variable "SSL_CERT_DIR"
end

--- Put into `settings` what is absent there and stands in the environment.
---@param settings table options of a client, changed in place
function environment.fill(settings)
  for option, name in pairs(VARIABLES) do
    if settings[option] == nil then settings[option] = environment.variable(name) end
  end
  fill_authorities(settings)
end

return environment
