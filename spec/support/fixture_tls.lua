--- The TLS side of the fixture server: a certificate authority made anew for each run, and
-- certificates of it that are right, expired, or for another host.

local altname = require "openssl.x509.altname"
local context = require "openssl.ssl.context"
local name = require "openssl.x509.name"
local pkey = require "openssl.pkey"
local rand = require "openssl.rand"
local store = require "openssl.x509.store"
local x509 = require "openssl.x509"
local http1 = require "fixture_http1"
local http2 = require "fixture_http2"

local tls = {}

local handshake_timeout_s = 5
local day_s = 86400
local authority, ca_file

local function new_name(common_name)
  local subject = name.new()
  subject:add("CN", common_name)
  return subject
end

local function new_key()
  return pkey.new({ type = "EC", curve = "prime256v1" })
end

local serial = 0

local function new_certificate(common_name, key)
  serial = serial + 1
  local certificate = x509.new()
  certificate:setVersion(3)
  certificate:setSerial(serial)
  certificate:setSubject(new_name(common_name))
  certificate:setPublicKey(key)
  certificate:setLifetime(os.time() - day_s, os.time() + day_s)
  return certificate
end

local function make_authority()
  local key = new_key()
  -- A name of its own: two authorities of one name are one to whoever looks for an issuer.
  local mark = rand.bytes(4):gsub(".", function(c) return ("%02x"):format(c:byte()) end)
  local certificate = new_certificate("fixture authority " .. mark, key)
  certificate:setIssuer(certificate:getSubject())
  certificate:setBasicConstraints { CA = true }
  certificate:setBasicConstraintsCritical(true)
  certificate:sign(key)
  return { key = key, certificate = certificate }
end

local kinds = {
  good = function() end,
  wrong_host = function() end,
  expired = function(certificate)
    certificate:setLifetime(os.time() - 3 * day_s, os.time() - 2 * day_s)
  end,
}

local function server_certificate(kind)
  local key = new_key()
  local certificate = new_certificate("fixture server", key)
  certificate:setIssuer(authority.certificate:getSubject())
  local names = altname.new()
  if kind == "wrong_host" then
    names:add("DNS", "elsewhere.example")
  else
    names:add("DNS", "localhost")
    names:add("IP", "127.0.0.1")
  end
  certificate:setSubjectAlt(names)
  certificate:setBasicConstraints { CA = false }
  kinds[kind](certificate)
  certificate:sign(authority.key)
  return certificate, key
end

local function write_file(cleanups, text)
  local path = os.tmpname()
  cleanups[#cleanups + 1] = function()
    os.remove(path)
  end
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
  return path
end

local function write_ca_file(cleanups)
  return write_file(cleanups, authority.certificate:toPEM())
end

--- Files by which a client says who it is: a certificate of the authority, and its key.
local function write_client_files(cleanups)
  local key = new_key()
  local certificate = new_certificate("fixture client", key)
  certificate:setIssuer(authority.certificate:getSubject())
  certificate:sign(authority.key)
  return {
    cert = write_file(cleanups, certificate:toPEM()), key = write_file(cleanups, key:toPEM("private")),
  }
end

local function new_context(opts)
  local ctx = context.new("TLS", true)
  local certificate, key = server_certificate(opts.certificate)
  assert(ctx:setCertificate(certificate))
  assert(ctx:setPrivateKey(key))
  if opts.asks then
    local trusted = store.new()
    trusted:add(authority.certificate)
    ctx:setStore(trusted)
    ctx:setVerify(context.VERIFY_PEER + context.VERIFY_FAIL_IF_NO_PEER_CERT)
  end
  if opts.newest then
    ctx:setOptions(context.OP_NO_TLSv1_3)
  end
  ctx:setAlpnSelect(function(_, protocols)
    for _, protocol in ipairs(protocols) do
      if protocol == "h2" and opts.http2 or protocol == "http/1.1" and not opts.http2 then
        return protocol
      end
    end
  end)
  return ctx
end

--- What serves the connections of a TLS site, and the file that a client trusts it by.
---@param opts { certificate: string, http2: boolean, asks: boolean?, newest: "1.2"|nil }
---@param cleanups function[] run when the server ends
---@return fun(site: fixture.Site, socket: any, number: integer) serve
---@return string ca_file
---@return { cert: string, key: string }? client files, where clients are asked who they are
function tls.serve(opts, cleanups)
  if not kinds[opts.certificate] then
    error("no certificate " .. tostring(opts.certificate))
  end
  authority = authority or make_authority()
  ca_file = ca_file or write_ca_file(cleanups)
  local ctx = new_context(opts)
  local function serve(site, socket, number)
    local ok = socket:starttls(ctx, handshake_timeout_s)
    if not ok then
      site.failed_handshakes = site.failed_handshakes + 1
      socket:close()
      site:forget()
      return
    end
    local protocol = socket:checktls():getAlpnSelected()
    if protocol == "h2" then
      http2.serve(site, socket, number)
    else
      http1.serve(site, socket, number)
    end
  end
  return serve, ca_file, opts.asks and write_client_files(cleanups) or nil
end

return tls
