--- What the environment says where the options of a client say nothing.

local environment = {}

environment.DEFAULT_BASE_URL = "https://api.openai.com/v1"

--- A text without the blanks around it.
---@param text string
---@return string
function environment.trim(text)
  local from = text:find "%S"
  return from and text:match(".*%S", from) or ""
end

local function present(value)
  if value and value:find "%S" then return environment.trim(value) end
end

--- An environment variable; an empty or blank one counts as unset.
---@param name string
---@return string? value without blanks around it
function environment.variable(name) return present(os.getenv(name)) end

--- Whom to trust; curl's own variable comes before OpenSSL's, as it does for curl.
local function fill_authorities(settings, look)
  if settings.ca_file ~= nil or settings.ca_path ~= nil then return end
  settings.ca_file = look "CURL_CA_BUNDLE" or look "SSL_CERT_FILE"
  settings.ca_path = look "SSL_CERT_DIR"
end

--- A proxy's variable is spelt in both cases. HTTP_PROXY is not looked at within a CGI program, for
--- which it is a header of the request.
local function proxy_for(scheme, look)
  local upper = scheme ~= "http" or not os.getenv "REQUEST_METHOD"
  return look(scheme .. "_proxy") or upper and look(scheme:upper() .. "_PROXY")
    or look "all_proxy" or look "ALL_PROXY" or nil
end

--- By which way a server is reached. One on this machine is reached without.
---@param url string
---@param look? fun(name: string): string? what a variable says; unset: the environment
---@return { proxy?: string, no_proxy?: string }
function environment.way(url, look)
  look = look or environment.variable
  if environment.is_loopback(url) then return {} end
  local proxy = proxy_for(url:lower():match "^https?" or "https", look)
  if not proxy then return {} end
  return { proxy = proxy, no_proxy = look "no_proxy" or look "NO_PROXY" }
end

local function fill_proxy(settings, look)
  local url = settings.base_url
  if settings.proxy ~= nil or settings.unix_socket ~= nil or type(url) ~= "string" then return end
  local way = environment.way(url, look)
  settings.proxy = way.proxy
  if settings.no_proxy == nil then settings.no_proxy = way.no_proxy end
  return way.proxy
end

---@class lualogue.environment.Kind a kind of server, and how it is named in the environment
---@field variables table<string, string> option -> its variable
---@field prepare? fun(settings: table, look: function, came: table): string? is called first, with
---what tells a variable and where it is from; returns where the URL is from, if it has set one
environment.OPENAI = {
  variables = {
    api_key = "OPENAI_API_KEY", base_url = "OPENAI_BASE_URL",
    organization = "OPENAI_ORG_ID", project = "OPENAI_PROJECT_ID",
  },
}

--- Put into `settings` what is absent there and stands in the environment, or else in a file.
---@param settings table options of a client, changed in place
---@param file? table<string, string> variables of a file
---@param kind lualogue.environment.Kind
---@return table<string, "code"|"environment"|"file"> came option -> where its value is from
function environment.fill(settings, file, kind)
  local came = {}
  local function look(name)
    local value = environment.variable(name)
    if value then return value, "environment" end
    value = file and present(file[name])
    if value then return value, "file" end
  end
  came.base_url = settings.base_url ~= nil and "code" or nil
  if kind.prepare then came.base_url = kind.prepare(settings, look, came) end
  for option, name in next, kind.variables do
    if settings[option] == nil then settings[option], came[option] = look(name) end
  end
  if settings.base_url == nil then settings.base_url = environment.DEFAULT_BASE_URL end
  fill_authorities(settings, look)
  local proxy = fill_proxy(settings, look)
  if proxy then
    came.proxy = environment.way(settings.base_url).proxy == proxy and "environment" or "file"
  end
  return came
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

--- A key of the environment, or of a file, is meant for the server that is named beside it, or for
--- OpenAI's. To another, that was given in code or by the file alone, it goes only where nobody can
--- listen on the way.
---@param came table<string, "code"|"environment"|"file"> see `environment.fill`
---@param url any
---@return boolean
function environment.may_be_sent(came, url)
  local other = came.base_url == "code" or came.base_url == "file" and came.api_key ~= "file"
  return not other or type(url) ~= "string" or url:find "^[hH][tT][tT][pP][sS]:" ~= nil
    or not url:find "://" or environment.is_loopback(url)
end

return environment
