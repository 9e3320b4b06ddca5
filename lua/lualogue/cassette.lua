--- Cassettes: answers are recorded once and played from a file afterwards, without a network and
--- without a key. A replay goes through the same parser, verdicts, retries and clocks as the
--- network; a stream has every byte that it had, in the pieces in which they came.
---
--- ```lua
--- local client = lualogue.new { cassette = "spec/hello.json" }    -- records, if there is no file
--- local tape = assert(lualogue.cassette("spec/hello.json", { record = "none" }))
--- local client = lualogue.new { cassette = tape }
--- local params = { model = "gpt-4o-mini", messages = messages }
--- local reply = assert(client:chat(params))                       -- replays, or says what differs
--- assert(tape:done())                                             -- every answer was asked for
--- ```
---
--- No header of a request is ever written, and of an answer's only those that say its type, its
--- request id, when to try again and the rate limits; what the client was given as key, header or
--- query is masked wherever it stands. Requests are known by method, path and body, whatever the
--- order of their keys; each answer is used once, equal ones in their order.

local compare = require "lualogue.cassette.compare"
local environment = require "lualogue.environment"
local file = require "lualogue.cassette.file"
local json = require "lualogue.json"
local native = require "lualogue.native"
local secrets = require "lualogue.secrets"
local tape = require "lualogue.cassette.tape"

local cassettes = {}

local MODES = { none = true, once = true, new = true, all = true }

---@class lualogue.Cassette
---@field path string
---@field record "none"|"once"|"new"|"all" as it was opened
---@field package records boolean what is not on it may be recorded
---@field package secrets table<string, boolean>
---@field package deck userdata of the core
---@field private played lualogue.cassette.Interaction[] of the file
---@field private by_key table<string, integer[]>
---@field private recorded table<integer, table> by the order in which they were started
---@field private reserved integer
---@field private open table<integer, boolean> places of calls that are not over
---@field private unsaved boolean
---@field private match? function
---@field private redact? function
---@field private lost? boolean
local methods = {}
local metatable = { __index = methods, __name = "lualogue.cassette" }

local function failure(message, code)
  return native.core().error {
    kind = "connection", code = code, phase = "request", message = message,
  }
end

--- A request as it is compared and written.
---@package
function methods:request(method, path, query, bytes)
  local request = { method = method, path = secrets.mask(self.secrets, path) }
  if query then request.query = json.decode(secrets.mask(self.secrets, json.encode(query))) end
  if not bytes or bytes == "" then return request end
  bytes = secrets.mask(self.secrets, bytes)
  local body = json.decode(bytes)
  if type(body) ~= "table" then return tape.put_bytes(request, bytes) end
  if self.redact then
    body = file.redacted(self.redact, body, "request.body")
    bytes = json.encode(body)
  end
  request.body = body
  local is_json, raw = pcall(json.raw, bytes)
  request.raw = is_json and raw or body
  return request
end

--- The numbers of the answers to a request, or nil and the error that says what is there instead.
---@package
function methods:find(request)
  local numbers, unused, reel = {}, false, native.core().reel
  if self.match then
    for i, interaction in ipairs(self.played) do
      if self.match(request, interaction) then numbers[#numbers + 1] = i end
    end
  else
    numbers = self.by_key[compare.canonical(request)] or numbers
  end
  for _, number in ipairs(numbers) do
    unused = unused or not reel.is_used(self.deck, number)
  end
  if unused then return numbers end
  local why = #numbers > 0 and "each answer to this request was used"
    or compare.explain(request, self.played)
  return nil, failure(("%s has no answer to %s %s: %s"):format(
    self.path, request.method, request.path, why), "no_match")
end

--- A place for what is going to be recorded, in the order of the calls.
---@package
function methods:reserve()
  self.reserved = self.reserved + 1
  self.open[self.reserved] = true
  return self.reserved
end

local function redact_response(self, response)
  if not self.redact then return end
  local stream = response.stream
  if response.body then
    local body = file.redacted(self.redact, json.decode(tostring(response.body)), "response.body")
    response.body = body
  elseif stream and stream.text then
    local text = self.redact(stream.text, "response.stream")
    if type(text) ~= "string" or text == stream.text then return end
    if #text ~= #stream.text then stream.cuts = json.array {} end
    stream.text = text
  end
end

--- What an exchange has recorded.
---@package
function methods:take(place, request, recorded)
  self.open[place] = nil
  if not recorded then
    self.lost = true
    return
  end
  for _, one in ipairs(recorded) do
    local response = tape.to_file(one, function(text) return secrets.mask(self.secrets, text) end)
    if response then
      redact_response(self, response)
      local list = self.recorded[place] or {}
      self.recorded[place] = list
      local written = { method = request.method, path = request.path, query = request.query,
        body = request.raw, text = request.text, base64 = request.base64 }
      list[#list + 1] = { request = written, response = response }
      self.unsaved = true
      self.count = self.count + 1
    end
  end
  -- A long recording is not written anew for each of its answers.
  if self.unsaved and self.count >= self.save_at then self:save() end
end

--- All that is to stand in the file, in the order of the calls.
local function content(self)
  local list = json.array()
  if self.record == "new" then
    for _, interaction in ipairs(self.played) do list[#list + 1] = interaction.raw end
  end
  for place = 1, self.reserved do
    for _, interaction in ipairs(self.recorded[place] or {}) do list[#list + 1] = interaction end
  end
  return list
end

--- Write what was recorded. Happens by itself: after an answer has come, and at the end of the
--- program; a long recording is not written for each answer of it.
---
--- ```lua
--- assert(tape:save())
--- ```
---@return true? saved
---@return lualogue.Error? err the file cannot be written, or something of the recording was lost
function methods:save()
  if self.lost then return nil, failure(self.path .. ": out of memory while it was recorded") end
  if not self.unsaved then return true end
  local ok, why = file.write(self.path, content(self))
  if not ok then
    return nil, failure(("%s cannot be written: %s"):format(self.path, tostring(why)))
  end
  self.unsaved = false
  self.save_at = self.count + math.max(1, math.floor(self.count / 16))
  return true
end

--- Whether all is as it should be at the end of a test: every answer of the file was asked for,
--- every call that is recorded was read to its end or closed, and what was recorded is written.
---
--- ```lua
--- assert(tape:done())
--- ```
---@return true? done
---@return lualogue.Error? err which answers nobody asked for, or why the file cannot be written
function methods:done()
  local saved, err = self:save()
  if not saved then return nil, err end
  if next(self.open) then
    return nil, failure(self.path .. ": a call was neither read to its end nor closed", "open")
  end
  local left, reel = {}, native.core().reel
  for i, interaction in ipairs(self.played) do
    if not reel.is_used(self.deck, i) then
      left[#left + 1] = ("number %d, %s %s"):format(
        i, interaction.request.method, interaction.request.path)
    end
  end
  if #left == 0 then return true end
  local shown = table.concat(left, "; ", 1, math.min(#left, 5)) .. (#left > 5 and "; ..." or "")
  return nil, failure(("%s: %d of %d answers were not asked for: %s"):format(
    self.path, #left, #self.played, shown), "unused")
end

local function check(value, name, kind)
  if value ~= nil and type(value) ~= kind then
    local why = "bad argument '%s' to 'cassette' (%s expected, got %s)"
    native.core().raise(why:format(name, kind, type(value)))
  end
  return value
end

local OPTIONS = {
  record = "string", speed = "number", split = "number", match = "function", redact = "function",
}

--- Ask to be saved when the state ends or nobody holds it any more.
local function save_at_end(self)
  local function finish()
    if self.unsaved then self:save() end
  end
  if newproxy then -- luacheck: ignore 113
    self.guard = newproxy(true) -- luacheck: ignore 113
    getmetatable(self.guard).__gc = finish
  else
    self.guard = setmetatable({}, { __gc = finish })
  end
end

--- Open a cassette, for `lualogue.new { cassette = ... }`; this is `lualogue.cassette`.
---
--- `record` says what happens to a request that is not on it: `"once"` (default): it is recorded if
--- there was no file yet, else it is an error that names what differs; `"none"`: always an error;
--- `"new"`: it is recorded; `"all"`: everything is recorded, the file is written anew.
---
--- ```lua
--- local tape = assert(lualogue.cassette("spec/hello.json", { record = "none" }))
--- ```
---@param path string of the file
---@param options? lualogue.CassetteOptions
---@return lualogue.Cassette? cassette
---@return lualogue.Error? err
function cassettes.open(path, options)
  if type(path) ~= "string" then
    native.core().raise("bad argument 'path' to 'cassette' (string expected, got "
      .. type(path) .. ")")
  end
  options = check(options, "options", "table") or {}
  for name, value in next, options do
    if not OPTIONS[name] then
      local why = "bad argument '%s' to 'cassette' (unknown option)"
      native.core().raise(why:format(tostring(name)))
    end
    check(value, name, OPTIONS[name])
  end
  local record = options.record or environment.variable "LUALOGUE_RECORD" or "once"
  if not MODES[record] then
    local why = "bad argument 'record' to 'cassette' (none, once, new or all expected, got %s)"
    native.core().raise(why:format(record))
  end
  local played, why = file.read(path)
  -- An old cassette may be made anew, somebody else's file not.
  if why and not (record == "all" and why:find "^is of version") then
    return nil, failure(path .. " " .. why)
  end
  if not played and record == "none" then
    return nil, failure(path .. " cannot be read, and record = \"none\" makes no new one")
  end
  local reel = native.core().reel
  local self = setmetatable({
    path = path, record = record, records = record ~= "none" and not (record == "once" and played),
    secrets = {}, deck = reel.deck(options.speed, options.split), match = options.match,
    redact = options.redact, played = record ~= "all" and played or {}, by_key = {},
    recorded = {}, reserved = 0, open = {}, unsaved = false, count = 0, save_at = 0,
  }, metatable)
  for i, interaction in ipairs(self.played) do
    reel.add(self.deck, tape.from_file(interaction.response, interaction.body))
    local request = interaction.request
    if self.redact and request.body then
      request.body = file.redacted(self.redact, request.body, "request.body")
    end
    local key = compare.canonical(request)
    self.by_key[key] = self.by_key[key] or {}
    table.insert(self.by_key[key], i)
  end
  if self.records then save_at_end(self) end
  return self
end

--- Whether a value is a cassette (by its name: also one of the same module loaded before).
---@param value any
---@return boolean
function cassettes.is(value) return (getmetatable(value) or {}).__name == metatable.__name end

return cassettes
