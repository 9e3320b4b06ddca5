--- The weathers that a host sails through: each is a few calls, written as if they blocked. Where
--- they go is said in the environment (spec/hosts/drive.lua); what came of each is printed in
--- one line, beside the heartbeat of the host meanwhile.

local lualogue = require "lualogue"

local weather = {}

local MESSAGES = { { role = "user", content = "Hi" } }

local function client(name, options)
  options = options or {}
  options.base_url, options.max_retries = assert(os.getenv("LLG_WEATHER_" .. name), name), 0
  options.api_key = false
  return lualogue.new(options)
end

local function read(stream)
  local n = 0
  local text_of = stream:text()
  local ok, text = pcall(text_of)
  while ok and text do
    n = n + 1
    ok, text = pcall(text_of)
  end
  return n, not ok and text or nil
end

local function streamed(name, options)
  local stream, err = client(name, options):stream { messages = MESSAGES }
  if not stream then return err.kind .. " " .. tostring(err.phase) end
  local n
  n, err = read(stream)
  return err and err.kind .. " behind " .. n or n .. " pieces"
end

local function chat(name, options)
  local reply, err = client(name, options):chat { messages = MESSAGES }
  return reply and reply.text or err.kind .. " " .. tostring(err.phase)
end

weather.LIST = {
  { "alone", "slept", function()
    lualogue.sleep(1)
    return "slept"
  end },
  { "slow", "20 pieces", function() return streamed "SLOW" end },
  { "stalled", "timeout behind 1", function() return streamed("STALLED", { idle_timeout = 0.5 }) end },
  { "fast", "2000 pieces", function() return streamed "FAST" end },
  { "lookup", "timeout dns", function() return chat("LOOKUP", { connect_timeout = 0.7 }) end },
  { "hole", "timeout connect", function() return chat("HOLE", { connect_timeout = 0.7 }) end },
  { "tls", "20 replies", function()
    local secure, jobs = client("TLS", { ca_file = os.getenv "LLG_WEATHER_CA" }), {}
    for i = 1, 20 do jobs[i] = function() return assert(secure:chat { messages = MESSAGES }).text end end
    local texts, err = lualogue.all(jobs)
    return texts and #texts .. " replies" or tostring(err)
  end },
}

--- Sail through all of them; to be called where lualogue waits as the host does.
---@param heart table
---@param say fun(line: string)
function weather.sail(heart, say)
  for _, one in ipairs(weather.LIST) do
    heart:reset()
    local came = one[3]()
    local beats, p99, worst, cpu = heart:report()
    say(("weather %s: %s | %d beats, 99%% within %.1f ms, longest %.1f ms, CPU at most %.1f ms"):format(
      one[1], came, beats, p99, worst, cpu))
  end
  say "weather over"
end

return weather
