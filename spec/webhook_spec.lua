-- Webhooks: who may send one, and what is refused. The signatures are openssl's and the published one.

local lualogue = require "lualogue"
local program = require "spec.support.program"

local verify = lualogue.webhook.verify

-- The example of the Standard Webhooks' own libraries.
local SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
local NOW = 1614265330
local BODY = '{"test": 2432232314}'
local SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

local function headers(changes)
  local all = {
    ["webhook-id"] = "msg_p5jXN8AQM9LWM0D4loKWxJek", ["webhook-timestamp"] = tostring(NOW),
    ["webhook-signature"] = SIGNATURE,
  }
  for name, value in pairs(changes or {}) do all[name] = value or nil end
  return all
end

local function refused(code, ...)
  local event, err = verify(...)
  assert.is_nil(event)
  assert.equal("protocol", err.kind)
  assert.equal(code, err.code)
  assert.is_nil(tostring(err):find("MfKQ9r8", 1, true))
  assert.is_nil(tostring(err):find("g0hM9S", 1, true))
  return err.message
end

--- The signature of a text under a key in hexadecimal, by openssl.
local function signed(hex, text)
  local pipe = ("printf %%s %s | openssl dgst -sha256 -mac HMAC -macopt hexkey:%s -binary | base64 -w0"):format(
    program.quote(text), hex)
  local output, code = program.run("sh -c " .. program.quote(pipe))
  assert.equal(0, code)
  return "v1," .. output
end

describe("webhook.verify", function()
  it("gives the event of one that is signed", function()
    local event = assert(verify(BODY, headers(), SECRET, { now = NOW }))
    assert.equal(2432232314, event.test)
    assert(verify(BODY, headers { ["webhook-signature"] = SIGNATURE:sub(4) }, SECRET, { now = NOW }))
  end)

  it("finds the headers whatever their case, and however a server gives them", function()
    local id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    for _, given in ipairs {
      { ["Webhook-Id"] = id, ["WEBHOOK-TIMESTAMP"] = tostring(NOW), ["Webhook-Signature"] = SIGNATURE, Host = "x", [1] = "y" },
      { ["webhook-id"] = { id }, ["webhook-timestamp"] = NOW, ["webhook-signature"] = { "v1,AAAA", SIGNATURE } },
    } do
      assert(verify(BODY, given, SECRET, { now = NOW }))
    end
  end)

  it("takes secrets that are no base64, and large bodies with any bytes", function()
    local body = '{"a":"' .. ("\195\164x"):rep(20000) .. '"}'
    local key = "a secret of our own"
    local hex = key:gsub(".", function(c) return ("%02x"):format(c:byte()) end)
    local given = { ["webhook-id"] = "m", ["webhook-timestamp"] = "100", ["webhook-signature"] = signed(hex, "m.100." .. body) }
    assert.equal(60000, #assert(verify(body, given, key, { now = 100 })).a)
    assert(verify(body, given, " " .. key .. "\n", { now = 100 }))
  end)

  it("takes any of several signatures and several secrets", function()
    local rotated = headers { ["webhook-signature"] = "v1a,xyz v1,AAAA\t" .. SIGNATURE .. " v2,zzz" }
    assert(verify(BODY, rotated, SECRET, { now = NOW }))
    assert(verify(BODY, rotated, { "whsec_b3RoZXI=", SECRET }, { now = NOW }))
    assert(verify(BODY, rotated, { SECRET, "whsec_b3RoZXI=" }, { now = NOW }))
    refused("signature", BODY, rotated, { "whsec_b3RoZXI=" }, { now = NOW })
  end)

  it("refuses what is not signed with it", function()
    refused("signature", BODY .. " ", headers(), SECRET, { now = NOW })
    refused("signature", BODY, headers(), "whsec_b3RoZXI=", { now = NOW })
    refused("signature", BODY, headers { ["webhook-id"] = "msg_other" }, SECRET, { now = NOW })
    refused("signature", BODY, headers { ["webhook-timestamp"] = tostring(NOW + 1) }, SECRET, { now = NOW })
    for _, signature in ipairs {
      "v1,", "v1,AAAA", "v1", SIGNATURE:sub(1, -2), SIGNATURE .. "=", SIGNATURE:lower(), "v2" .. SIGNATURE:sub(3),
      "v1a" .. SIGNATURE:sub(3), (SIGNATURE:gsub("OE=", "OF=")), "x " .. SIGNATURE:sub(1, 20),
    } do
      refused("signature", BODY, headers { ["webhook-signature"] = signature }, SECRET, { now = NOW })
    end
  end)

  it("refuses what was sent too long ago, or is from tomorrow", function()
    for _, late in ipairs { 300, -300, 0 } do assert(verify(BODY, headers(), SECRET, { now = NOW + late })) end
    assert.matches("301 s ago, more than 300 s", refused("stale", BODY, headers(), SECRET, { now = NOW + 301 }))
    assert.matches("in 301 s from now", refused("stale", BODY, headers(), SECRET, { now = NOW - 301 }))
    assert.matches("more than 300 s", refused("stale", BODY, headers(), SECRET))
    assert(verify(BODY, headers(), SECRET, { now = NOW + 10.5, tolerance = 11 }))
    refused("stale", BODY, headers(), SECRET, { now = NOW + 10.5, tolerance = 10 })
    refused("stale", BODY, headers(), SECRET, { now = NOW + 1, tolerance = 0 })
    assert(verify(BODY, headers(), SECRET, { tolerance = math.huge }))
  end)

  it("names the header that is missing or makes no sense", function()
    for _, name in ipairs { "webhook-id", "webhook-timestamp", "webhook-signature" } do
      assert.matches("the header " .. name:gsub("%-", "%%-") .. " is missing",
        refused("missing_header", BODY, headers { [name] = false }, SECRET, { now = NOW }))
      refused("missing_header", BODY, headers { [name] = "" }, SECRET, { now = NOW })
    end
    for _, text in ipairs { "x", "1e9", "0x10", "-1", "1614265330.5", " 1614265330", ("9"):rep(40) } do
      assert.matches("is no time", refused("missing_header", BODY, headers { ["webhook-timestamp"] = text }, SECRET, { now = NOW }))
    end
    assert.matches("came 2 times", refused("missing_header", BODY, headers { ["Webhook-Id"] = "msg_other" }, SECRET, { now = NOW }))
    refused("missing_header", BODY, setmetatable({}, { __index = headers() }), SECRET, { now = NOW })
  end)

  it("says that a signed body is no JSON", function()
    local hex = ("k"):gsub(".", function(c) return ("%02x"):format(c:byte()) end)
    for _, body in ipairs { "{", "5", "" } do
      local given = { ["webhook-id"] = "m", ["webhook-timestamp"] = "100", ["webhook-signature"] = signed(hex, "m.100." .. body) }
      local event, err = verify(body, given, "k", { now = 100 })
      assert.is_nil(event)
      assert.equal("decode", err.kind)
    end
  end)

  it("takes the secret of the environment", function()
    local getenv, secret = os.getenv, SECRET
    os.getenv = function(name) -- luacheck: ignore 122
      if name == "OPENAI_WEBHOOK_SECRET" then return secret end
      return getenv(name)
    end
    local ok, err = pcall(function()
      assert(verify(BODY, headers(), nil, { now = NOW }))
      secret = " "
      local fine, message = pcall(function() verify(BODY, headers(), nil, { now = NOW }) end)
      assert.is_false(fine)
      assert.matches("bad argument 'secret' to 'verify' %(string expected, got nothing; OPENAI_WEBHOOK_SECRET", message)
    end)
    os.getenv = getenv -- luacheck: ignore 122
    if not ok then error(err, 0) end
  end)

  it("raises at the caller's line for wrong arguments, and shows no secret", function()
    local given = headers()
    local wrong = {
      { "body", nil, given, SECRET }, { "body", {}, given, SECRET }, { "headers", BODY, nil, SECRET },
      { "headers", BODY, "x", SECRET }, { "secret", BODY, given, 5 }, { "secret", BODY, given, "" },
      { "secret", BODY, given, "whsec_" }, { "secret", BODY, given, "whsec_MfKQ9r8!" }, { "secret", BODY, given, {} },
      { "secret", BODY, given, { SECRET, 5 } }, { "secret", BODY, given, { "whsec_MfKQ9r8!" } },
      { "options", BODY, given, SECRET, 300 }, { "tolerence", BODY, given, SECRET, { tolerence = 5 } },
      { "tolerance", BODY, given, SECRET, { tolerance = -1 } }, { "now", BODY, given, SECRET, { now = "1" } },
      { "tolerance", BODY, given, SECRET, { tolerance = 0 / 0 } },
    }
    for _, case in ipairs(wrong) do
      local ok, message = pcall(function() verify(case[2], case[3], case[4], case[5]) end)
      assert.is_false(ok)
      assert.matches("webhook_spec%.lua:%d+: bad argument '" .. case[1] .. "' to 'verify'", message)
      assert.is_nil(message:find("MfKQ9r8", 1, true))
    end
  end)
end)
