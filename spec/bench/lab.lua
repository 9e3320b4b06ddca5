--- What a lab of 600 cells takes when each answer takes 200 ms and eight are asked at once, and what
--- the second run takes, its process included. Fails over its limits.

local core = require "lualogue.core"
local fixture = require "spec.support.fixture"

local N_ROWS, ANSWER_S, JOBS = 50, 0.2, 8
local N = N_ROWS * 2 * 2 * 3 -- prompts, models, repeats
local IDEAL_S = N / JOBS * ANSWER_S

local INTERPRETER = arg[1] or "lua5.4"
local PROGRAM = [[
  local lab = require "lualogue.lab"
  local rows = {}
  for i = 1, %d do rows[i] = { question = "question " .. i, expect = "Lua" } end
  local function model(name) return { model = name, base_url = %q, api_key = false } end
  local result = assert(lab.run({
    models = { model "one", model "two" }, inputs = rows, repeats = 3,
    prompts = { terse = "One word: ${question}", kind = { system = "Be kind.", user = "${question}" } },
    check = { lab.icontains "${expect}", lab.max_words(5) },
  }, { folder = %q, jobs = %d }))
  result:table()
  io.write(result.total.pass, " ", result.n_sent, " ", os.clock())
]]

local server = fixture.start()
local url = server:script(fixture.join({ sleep = ANSWER_S }, fixture.json(200, fixture.chat_reply "Hello Lua")))
local folder = io.popen("mktemp -d"):read "*l"
local code = PROGRAM:format(N_ROWS, url, folder .. "/lab", JOBS)
local path = folder .. "/run.lua"
local file = assert(io.open(path, "w"))
file:write(code)
file:close()

--- Seconds of one run, its process included, and of its CPU.
local function run(n_sent)
  local began = core.now()
  local pipe = io.popen(INTERPRETER .. " " .. path)
  local said = pipe:read "*a"
  pipe:close()
  local pass, sent, cpu = said:match "^(%d+) (%d+) (%S+)$"
  assert(tonumber(pass) == N and tonumber(sent) == n_sent, said)
  return core.now() - began, tonumber(cpu)
end

local first = run(N)
local second, second_cpu = math.huge, math.huge
for _ = 1, 5 do
  local wall, cpu = run(0)
  second, second_cpu = math.min(second, wall), math.min(second_cpu, cpu)
end
server:stop()
os.execute("rm -r " .. folder)

print(("%s: %d cells: %.2f s, ideal %.2f s, ratio %.3f (limit 1.1)"):format(
  INTERPRETER, N, first, IDEAL_S, first / IDEAL_S))
print(("%s: second run, nothing sent: %.0f ms with its process (limit 150), CPU %.0f ms"):format(
  INTERPRETER, second * 1000, second_cpu * 1000))
if first > 1.1 * IDEAL_S or second > 0.15 then os.exit(1) end
