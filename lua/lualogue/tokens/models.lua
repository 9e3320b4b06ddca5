--- Which model counts in which encoding, and what is documented of its prompts.

local M = {}

--- What an unknown model is counted with.
M.fallback = "o200k_base"

-- By the beginning of the name; the longest one counts.
local encodings = {
  ["chatgpt-4o"] = "o200k_base",
  ["codex-"] = "o200k_base",
  ["computer-use"] = "o200k_base",
  ["gpt-4.1"] = "o200k_base",
  ["gpt-4.5"] = "o200k_base",
  ["gpt-4o"] = "o200k_base",
  ["gpt-5"] = "o200k_base",
  ["o1"] = "o200k_base",
  ["o3"] = "o200k_base",
  ["o4"] = "o200k_base",

  ["gpt-oss"] = "o200k_harmony",

  ["babbage-002"] = "cl100k_base",
  ["davinci-002"] = "cl100k_base",
  ["gpt-3.5"] = "cl100k_base",
  ["gpt-35"] = "cl100k_base", -- as Azure spells it
  ["gpt-4"] = "cl100k_base",
  ["text-embedding-3"] = "cl100k_base",
  ["text-embedding-ada-002"] = "cl100k_base",

  ["code-cushman"] = "p50k_base",
  ["code-davinci"] = "p50k_base",
  ["cushman-codex"] = "p50k_base",
  ["davinci-codex"] = "p50k_base",
  ["text-davinci-002"] = "p50k_base",
  ["text-davinci-003"] = "p50k_base",
  ["text-davinci-edit"] = "p50k_base",

  ["ada"] = "r50k_base",
  ["babbage"] = "r50k_base",
  ["code-search"] = "r50k_base",
  ["curie"] = "r50k_base",
  ["davinci"] = "r50k_base",
  ["gpt-2"] = "r50k_base",
  ["gpt2"] = "r50k_base",
  ["text-ada-001"] = "r50k_base",
  ["text-babbage-001"] = "r50k_base",
  ["text-curie-001"] = "r50k_base",
  ["text-davinci-001"] = "r50k_base",
  ["text-search"] = "r50k_base",
  ["text-similarity"] = "r50k_base",
}

-- The families whose overhead of each message the published counting recipe documents.
local documented = { "gpt-3.5-turbo", "gpt-35-turbo", "gpt-4o", "gpt-4" }
local undocumented = { "gpt-3.5-turbo-0301", "gpt-4.1", "gpt-4.5" } -- but begin alike

-- "openai/gpt-4o" and "ft:gpt-4o:acme" are gpt-4o.
local function base_name(model)
  return (model:gsub("^openai/", ""):gsub("^ft:", ""))
end

--- A model's name without the prefixes of gateways and of fine-tuning.
---@param model string
---@return string
M.base_name = base_name

local function starts_with(text, start)
  return text:sub(1, #start) == start
end

--- The name of a model's encoding, or nil when the model is not known.
---@param model string
---@return lualogue.EncodingName?
function M.encoding(model)
  local name = base_name(model)
  for n = #name, 1, -1 do
    local encoding = encodings[name:sub(1, n)]
    -- Whole words alone: "adapter-7b" is no ada.
    if encoding and not name:find("^%w%w", n) then return encoding end
  end
end

--- Whether the tokens that the server adds to each message are documented for a model.
---@param model string
---@return boolean
function M.has_documented_overhead(model)
  local name = base_name(model)
  for _, start in ipairs(undocumented) do
    if starts_with(name, start) then return false end
  end
  for _, start in ipairs(documented) do
    if starts_with(name, start) then return true end
  end
  return false
end

return M
