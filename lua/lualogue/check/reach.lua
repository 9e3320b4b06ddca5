--- Whether the server can be reached, and by which way; whether it takes the key.

local environment = require "lualogue.environment"

--- Host and port of a URL.
local function address_of(url)
  local authority = url:match "^%a[%w+.-]*://([^/?#]*)" or ""
  return authority:gsub("^.*@", "")
end

local function is_number(host) return host:find "^[%d.]+$" ~= nil or host:find "^%[" ~= nil end

-- How far a request had come when it failed; what is not named here had an answer to wait for.
local STAGES = { request = 0, dns = 1, connect = 2, proxy = 2, tls = 3 }

local function stage_of(err)
  if not err then return 9 end
  local stage = STAGES[err.phase]
  return stage and (not err.status or err.phase == "proxy") and stage or 9
end

local function look_at_name(self, err, where)
  local host = where.address:gsub(":%d+$", "")
  if where.about.proxy then
    return self:add("name", nil, "not used: the proxy looks it up, or stands in its place")
  elseif where.about.unix_socket then
    return self:add("name", nil, "not used: the server is behind a Unix socket")
  elseif stage_of(err) == 1 then
    return self:add("name", false, err, ("Is %s spelt as in the server's documentation? base_url"
      .. " (OPENAI_BASE_URL) has it. If other names are not found either, this machine has no name"
      .. " server, or needs a proxy (https_proxy)."):format(host))
  elseif stage_of(err) == 0 then
    return
  end
  self:add("name", not is_number(host) or nil, is_number(host) and "an address, not a name"
    or host .. " is known")
end

--- What to do where nothing answers.
local function connect_mend(where, err)
  if where.about.unix_socket then
    return "Is the server running, and is the path of unix_socket the one that it listens on?"
  elseif where.is_here then
    return ("Start the server on this machine, or mend the port in base_url: nothing listens on %s."
      .. " Ollama: `ollama serve`, port 11434; llama.cpp: `llama-server --port 8080`.")
      :format(where.address)
  elseif err.kind == "timeout" then
    return "A firewall may hold the packets back: try from another network, or set a proxy"
      .. " (https_proxy, or proxy = ... in lualogue.new)."
  end
  return "Check host and port in base_url (OPENAI_BASE_URL), and whether a firewall is in between."
end

--- What to do where nothing was sent at all.
local function sending_mend(err)
  if err.code == "offline" then
    return "Unset LUALOGUE_OFFLINE, which forbids every connection."
  elseif err.code == "no_match" then
    return "It plays a cassette, which has no such answer: check a client without one."
  end
  return "Mend base_url: it begins with http:// or https://, and this libcurl has to speak that."
end

local function look_at_connection(self, err, where)
  local stage, about = stage_of(err), where.about
  if stage == 0 then return self:add("connection", false, err, sending_mend(err)) end
  if about.proxy then
    if stage <= 2 then
      self:add("proxy", false, err, ("The proxy is %s (https_proxy, http_proxy, all_proxy or proxy"
        .. " = ...). Is it running, and does it want a user and a password? Without one:"
        .. " proxy = false; for this host alone: no_proxy."):format(about.proxy))
      return self:add("connection", nil, "not made: it goes through the proxy")
    end
    self:add("proxy", true, "through " .. about.proxy)
    return self:add("connection", true, "to the proxy")
  end
  self:add("proxy", nil, "none is used")
  if stage == 2 then
    return self:add("connection", false, err, connect_mend(where, err))
  elseif stage > 2 then
    self:add("connection", true, about.unix_socket and "through a Unix socket" or where.address)
  end
end

--- What to do about a certificate, or whatever came in its place.
local function tls_mend(err)
  local message = tostring(err):lower()
  if message:find "wrong version number" or message:find "unknown protocol"
    or message:find "packet length" then
    return "The server speaks plain HTTP on this port: base_url has to begin with http://."
  elseif err.kind == "timeout" then
    return "Nothing came back: perhaps the server speaks plain HTTP on this port, and base_url has"
      .. " to begin with http://; else something in between holds it up."
  elseif message:find "expired" then
    return "The certificate has expired, or the clock of this machine is wrong (`date`)."
  elseif message:find "does not match" or message:find "no alternative" or message:find "host" then
    return "The certificate is for another name: use that name in base_url."
  elseif message:find "issuer" or message:find "self%-signed" or message:find "authorit" then
    return "Give the certificate of the authority that has signed the server's: ca_file = ... or"
      .. " SSL_CERT_FILE; or install the system's own (Debian: ca-certificates)."
  end
  return "If the server asks who you are, give client_cert and client_key; else see what"
    .. " `openssl s_client -connect` says of it."
end

local function look_at_tls(self, err, where)
  local stage = stage_of(err)
  if not where.is_tls and where.has_key and not where.is_here and stage > 2 then
    return self:add("tls", false, "the key goes over the network for all to read: base_url begins"
      .. " with http://", "Use https:// in base_url, if the server has it.")
  elseif not where.is_tls then
    return self:add("tls", nil, "not used: base_url begins with http://")
  elseif stage == 3 then
    return self:add("tls", false, err, tls_mend(err))
  elseif stage > 3 and not where.about.tls_verify then
    return self:add("tls", false, "the certificate is not looked at: tls_verify is false, and"
      .. " anyone who stands in between may read the key",
      "Give ca_file instead of tls_verify = false.")
  elseif stage > 3 then
    self:add("tls", true, "the certificate is good")
  end
end

local function look_at_models(self, reply, err)
  if reply and type(reply) == "table" and type(reply.data) == "table" then
    local ids = {}
    for _, model in ipairs(reply.data) do
      if type(model) == "table" and type(model.id) == "string" then ids[#ids + 1] = model.id end
    end
    self:add("models", true, ("it lists %d"):format(#ids))
    return ids
  end
  self:add("models", nil, "it lists none: " .. (err and tostring(err) or "another form of answer"))
  return {}
end

--- Look at the way to the server, by a request that costs nothing.
---@param client lualogue.Client
---@param self lualogue.CheckReport
---@param options lualogue.CheckOptions
---@return { ids: string[], key: boolean }? reached nil: not so far that more can be asked
return function(client, self, options)
  local about = client.core:about()
  local where = {
    about = about, address = address_of(client.server),
    is_tls = client.server:lower():find "^https:" ~= nil,
    is_here = environment.is_loopback(client.server) or about.unix_socket,
    has_key = about.key or rawget(client, "key") ~= nil,
  }
  local most = options.timeout or 60
  local reply, err = client:request("GET", "/models", nil, {
    max_retries = 0, connect_timeout = math.min(most, 10), first_byte_timeout = most,
    timeout = most,
  })
  if err and err.kind == "key" then
    self:add("key", false, err, "Mend what api_key, or api_key_command, asks for the key.")
    return nil
  end
  look_at_name(self, err, where)
  look_at_connection(self, err, where)
  look_at_tls(self, err, where)
  if stage_of(err) <= 3 then return nil end
  local ids = look_at_models(self, reply, err)
  if reply then
    -- Some list their models to anyone: an answer will show it.
    self:add("key", nil, where.has_key and "not refused, for a list of models" or "none is sent")
  end
  return { ids = ids, key = where.has_key, err = err }
end
