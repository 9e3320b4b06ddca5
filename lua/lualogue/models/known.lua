--- The windows of known models, by the beginning of the name. Dated names are not here, since
--- they end like their model, unless they differ from it.

local known = {}

---@param names string
---@param window integer
---@param output? integer
---@param input? integer
local function add(names, window, output, input)
  for name in names:gmatch("%S+") do
    known[name] = { window = window, output = output, input = input }
  end
end

add("gpt-3.5-turbo gpt-35-turbo", 16385, 4096)
add("gpt-4", 8192, 8192)
add("gpt-4-turbo", 128000, 4096)
add("gpt-4o gpt-4o-mini", 128000, 16384)
add("gpt-4o-2024-05-13", 128000, 4096)
add("gpt-4.1 gpt-4.1-mini gpt-4.1-nano", 1047576, 32768)
add("o1 o3 o3-mini o4-mini", 200000, 100000)
add("o1-mini", 128000, 65536)
add("o1-preview", 128000, 32768)
add("gpt-5 gpt-5-mini gpt-5-nano gpt-5.1 gpt-5.2", 400000, 128000, 272000)
add("gpt-5.3-codex gpt-5.4-mini", 400000, 128000, 272000)
add("gpt-5-pro", 400000, 272000)
add("gpt-5-chat gpt-5.1-chat gpt-5.2-chat gpt-5.3-chat", 128000, 16384, 111616)
add("gpt-5.4 gpt-5.5 gpt-5.6 gpt-5.6-sol gpt-5.6-terra gpt-5.6-luna", 1050000, 128000, 922000)
add("text-embedding-3-large text-embedding-3-small", 8191)
add("claude-haiku-4-5 claude-sonnet-4-5", 200000, 64000)
add("gemini-2.5-pro gemini-2.5-flash", 1048576, 65536)
add("deepseek-chat deepseek-reasoner", 1000000, 384000)
add("mistral-large", 262144, 262144)
add("grok-4.5", 500000, 500000)

return known
