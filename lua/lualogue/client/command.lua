--- Keys that a program prints, such as a password manager: run with the first call, kept in the
--- core until the server refuses it, then run once more.

local key = require "lualogue.client.key"
local native = require "lualogue.native"
local wait = require "lualogue.wait"

local command = {}

local TIMEOUT_S = 60 -- somebody may have to type a passphrase
local PAUSE_S, LONGEST_PAUSE_S = 0.001, 0.02 -- between two looks at it

--- What the messages call it: its arguments may be nobody's business.
local function name_of(self) return ("the api_key_command '%s'"):format(self.argv[1]) end

--- The first line of what it said, without what looks like a key.
local function words(said)
  if not said or said == "" then return "" end
  return ": " .. said:gsub("sk%-[%w_%-]+", "[key]")
end

local methods = {}
methods.__index = methods

--- It is over, and this is what came of it. The key goes into a core of the client's own.
local function settle(self, client, run, text, why, said)
  run.is_over, self.run = true, nil
  run.command:close()
  if text == false then
    local seconds = ("%s did not end within %g s"):format(name_of(self), self.timeout)
    run.err = select(2, key.failure(seconds))
    return
  elseif not text then
    run.err = select(2, key.failure(("%s %s%s"):format(name_of(self), why, words(said))))
    return
  end
  local found, flaw = key.check(text:match "^%s*([^\r\n]*)")
  if not found then -- beside a text, `why` is what it said
    run.err = select(2, key.failure(("%s %s%s"):format(name_of(self), flaw, words(why))))
    return
  end
  client.core = client.core:with { api_key = found }
  self.n_keys = self.n_keys + 1
end

local function begin(self)
  local started, why = native.core().command(self.argv)
  if not started then return key.failure(("%s cannot be run: %s"):format(name_of(self), why)) end
  self.run = { command = started, ends_at = native.core().now() + self.timeout }
  return self.run
end

--- Run it, or wait for the run that is under way: whoever looks when it is over settles it.
local function obtain(self, client)
  local run, err = self.run, nil
  if not run then run, err = begin(self) end
  if not run then return nil, err end
  local now, pause = native.core().now, PAUSE_S
  while not run.is_over do
    local text, why, said = run.command:result()
    if text ~= false or now() >= run.ends_at then
      settle(self, client, run, text, why, said)
    elseif not wait.news(now() + pause) then
      run.command:close()
      run.is_over, self.run = true, nil
      run.err = native.core().error { kind = "cancelled", message = "interrupted" }
    end
    pause = math.min(2 * pause, LONGEST_PAUSE_S)
  end
  if run.err then return nil, run.err end
  return true
end

function methods:send(client, options, send, ...)
  if self.n_keys == 0 then
    local ok, err = obtain(self, client)
    if not ok then return nil, err end
  end
  local n_keys = self.n_keys
  local value, err = send(key.core_of(client, options, ...), options)
  if value ~= nil or type(err) ~= "table" or err.status ~= 401 then return value, err end
  if self.n_keys == n_keys then -- no other call has seen to it
    local ok, why = obtain(self, client)
    if not ok then return nil, why end
  end
  return send(key.core_of(client, options, ...), options)
end

--- Another one of the same, for a client that goes on from the core that the key is in.
function methods:fork()
  return setmetatable({ argv = self.argv, timeout = self.timeout, n_keys = self.n_keys }, methods)
end

--- A program as a source of keys.
---@param given any the option
---@param where string
function command.new(given, where)
  local function refuse(why)
    native.core().raise(("bad argument 'api_key_command' to '%s' (%s)"):format(where, why))
  end
  if type(given) ~= "table" then refuse("list of strings expected, got " .. type(given)) end
  local argv, n, timeout = {}, 0, TIMEOUT_S
  for name, value in next, given do
    if name == "timeout" then
      timeout = value
    elseif type(name) ~= "number" then
      refuse(("no field '%s': a program, its arguments, and timeout"):format(tostring(name)))
    elseif type(value) ~= "string" or value:find "%z" or value == "" and name == 1 then
      refuse "list of strings expected: a program and its arguments"
    else
      n = n + 1
    end
  end
  if type(timeout) ~= "number" or timeout ~= timeout or timeout <= 0 then
    refuse "timeout: seconds greater than 0 expected"
  end
  for i = 1, n do
    argv[i] = rawget(given, i)
    if argv[i] == nil then refuse "it has a hole" end
  end
  if n == 0 then refuse "it is empty" end
  return setmetatable({ argv = argv, timeout = timeout, n_keys = 0 }, methods)
end

return command
