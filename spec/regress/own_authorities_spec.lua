-- ca_file and ca_path did not replace the system's authorities: libcurl kept its built-in other
-- one in force, so that whoever had an authority of the system's could stand in for a private one.
local fixture = require "spec.support.fixture"
local program = require "spec.support.program"

local SYSTEM = "/etc/ssl/certs"

describe("authorities of one's own", function()
  local private, public -- two servers, each with an authority that it made for itself
  local private_url, private_ca, public_url, public_ca
  setup(function()
    private, public = fixture.start(), fixture.start()
    local hello = fixture.json(200, fixture.chat_reply "Hello")
    private_url, private_ca = private:tls(hello)
    public_url, public_ca = public:tls(hello)
  end)
  teardown(function()
    private:stop()
    public:stop()
  end)

  --- A folder of authorities as OpenSSL wants it.
  local function fill(folder, ca_file)
    assert(os.execute(("mkdir -p %s && cp %s %s/a.pem && openssl rehash %s"):format(folder, ca_file, folder, folder)))
  end

  --- One chat in a process for which the public server's authority, and no other, is the system's.
  local function chat(url, options, variables)
    local output
    program.with_folder(function(folder)
      fill(folder .. "/system", public_ca)
      fill(folder .. "/private", private_ca)
      local code = ([[
        local folder = %q
        local options = { %s }
        options.base_url, options.api_key, options.max_retries = %q, false, 0
        local reply, err = require "lualogue".new(options):chat { messages = {} }
        print(reply and reply.choices[1].message.content or err.kind .. ": " .. err.message)
      ]]):format(folder, options, url)
      output = program.run(("%s unshare -m sh -c %s"):format(variables or "", program.quote(
        ("mount --bind %s/system %s && cp %s %s/ca-certificates.crt && exec %s -e %s"):format(
          folder, SYSTEM, public_ca, SYSTEM, program.INTERPRETER, program.quote(code)))))
    end)
    return output
  end

  local function refused(output)
    assert.matches("^tls: ", output)
    assert.matches("certificate", output)
  end

  if not os.execute "unshare -m true 2>/dev/null" then
    it("cannot be told from the system's here", function() pending "no mount namespace" end)
    return
  end

  it("are not asked for by default: the system's are", function()
    assert.equal("Hello\n", chat(public_url, ""))
    refused(chat(private_url, ""))
  end)

  it("in ca_file replace the system's", function()
    assert.equal("Hello\n", chat(private_url, ("ca_file = %q"):format(private_ca)))
    refused(chat(public_url, ("ca_file = %q"):format(private_ca)))
  end)

  it("in ca_path replace the system's", function()
    assert.equal("Hello\n", chat(private_url, "ca_path = folder .. '/private'"))
    refused(chat(public_url, "ca_path = folder .. '/private'"))
  end)

  it("may be in both", function()
    local both = ("ca_file = %q, ca_path = folder .. '/system'"):format(private_ca)
    assert.equal("Hello\n", chat(private_url, both))
    assert.equal("Hello\n", chat(public_url, both))
  end)

  it("come from the environment as well, and options win", function()
    for _, variable in ipairs { "SSL_CERT_FILE", "CURL_CA_BUNDLE" } do
      local own = variable .. "=" .. private_ca
      assert.equal("Hello\n", chat(private_url, "", own))
      refused(chat(public_url, "", own))
      assert.equal("Hello\n", chat(public_url, ("ca_file = %q"):format(public_ca), own))
      assert.equal("Hello\n", chat(public_url, "", variable .. "="))
    end
    refused(chat(public_url, "", "SSL_CERT_DIR=/nowhere"))
    assert.equal("Hello\n", chat(public_url, "", "SSL_CERT_DIR=" .. SYSTEM .. " SSL_CERT_FILE=" .. SYSTEM .. "/ca-certificates.crt"))
    assert.equal("Hello\n", chat(public_url, "ca_path = folder .. '/system'", "SSL_CERT_FILE=" .. private_ca))
  end)

  it("are named by the error as what mends it", function()
    assert.matches("ca_file", chat(private_url, ""))
  end)
end)
