--- What the environment says where the options of a client say nothing.

local environment = {}

environment.DEFAULT_BASE_URL = "https://api.openai.com/v1"

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

--- A proxy's variable is spelt in both cases. HTTP_PROXY is not looked at within a CGI program, for
--- which it is a header of the request.
local function proxy_for(scheme)
  local upper = scheme ~= "http" or not os.getenv "REQUEST_METHOD"
  return environment.variable(scheme .. "_proxy")
    or upper and environment.variable(scheme:upper() .. "_PROXY")
    or environment.variable "all_proxy" or environment.variable "ALL_PROXY"
end

--- By which way a server is reached. One on this machine is reached without.
---@param url string
---@return { proxy?: string, no_proxy?: string }
function environment.way(url)
  if environment.is_loopback(url) then return {} end
  local proxy = proxy_for(url:lower():match "^https?" or "https") or nil
  if not proxy then return {} end
  return {
    proxy = proxy,
    no_proxy = environment.variable "no_proxy" or environment.variable "NO_PROXY",
  }
end

local function fill_proxy(settings)
  local url = settings.base_url
  if settings.proxy ~= nil or settings.unix_socket ~= nil or type(url) ~= "string" then return end
  local way = environment.way(url)
  settings.proxy = way.proxy
  if settings.no_proxy == nil then settings.no_proxy = way.no_proxy end
end

--- Put into `settings` what is absent there and stands in the environment.
---@param settings table options of a client, changed in place
function environment.fill(settings)
  for option, name in pairs(VARIABLES) do
    if settings[option] == nil then settings[option] = environment.variable(name) end
  end
  if settings.base_url == nil then settings.base_url = environment.DEFAULT_BASE_URL end
  fill_authorities(settings)
  fill_proxy(settings)
end

--- A base URL without user, password, query and slashes at its end.
---@param url any
---@return string
function environment.plain_url(url)
  return (tostring(url):gsub("[?#].*$", ""):gsub("^(%a[%w+.-]*://)[^/]*@", "%1"):gsub("/+$", ""))
end

--- Whether a URL names this machine.
---@param url string
---@return boolean
function environment.is_loopback(url)
  local authority = tostring(url):match("^%a[%w+.-]*://([^/?#]*)") or ""
  authority = authority:gsub("^.*@", "")
  local host = authority:match("^%[(.-)%]") or authority:match("^[^:]*")
  host = host:lower()
  return host == "localhost" or host == "::1" or host:match("^127%.%d+%.%d+%.%d+$") ~= nil
end

--- The key of the environment is meant for the server of the environment, or for OpenAI's. To
--- another that was given in code it goes only where nobody can listen on the way.
---@param options table as they were given
---@param url string
---@return boolean
function environment.may_be_sent(options, url)
  local other = rawget(options, "base_url") ~= nil and type(url) == "string"
  return not other or url:find "^[hH][tT][tT][pP][sS]:" or not url:find "://"
    or environment.is_loopback(url)
end

return environment
