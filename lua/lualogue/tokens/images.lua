--- What an image costs, as far as is known: an estimate, always.

local M = {}

-- Tokens of an image in itself and of each tile of 512 pixels. By the beginning of the
-- model's name; the longest one counts.
local tiled = {
  ["gpt-4"] = { 85, 170 },
  ["gpt-4o"] = { 85, 170 },
  ["gpt-4o-mini"] = { 2833, 5667 },
  ["chatgpt-4o"] = { 85, 170 },
  ["gpt-5"] = { 70, 140 },
  ["o1"] = { 75, 150 },
  ["o3"] = { 75, 150 },
  ["computer-use"] = { 65, 129 },
}

-- Others pay for each patch of 32 pixels, up to 1536 of them.
local patched = {
  ["gpt-4.1-mini"] = 1.62,
  ["gpt-4.1-nano"] = 2.46,
  ["gpt-5-mini"] = 1.62,
  ["gpt-5-nano"] = 2.46,
  ["o4-mini"] = 1.72,
}

local UNKNOWN_SIDE = 1024 -- pixels, where the image does not say
local WIDEST, TALLEST = 2048, 768 -- what no image exceeds once it was made to fit

local function longest(map, model)
  for n = #model, 1, -1 do
    local value = map[model:sub(1, n)]
    if value then return value end
  end
end

local ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local function decode_base64(text)
  local bits, n_bits, out = 0, 0, {}
  for c in text:gmatch("[%w+/]") do
    bits = bits * 64 + ALPHABET:find(c, 1, true) - 1
    n_bits = n_bits + 6
    if n_bits >= 8 then
      n_bits = n_bits - 8
      local unit = 2 ^ n_bits
      out[#out + 1] = string.char(math.floor(bits / unit))
      bits = bits % unit
    end
  end
  return table.concat(out)
end

-- The sides of a PNG in a data URL; nil for any other image.
local function known_size(url)
  local head = url:sub(1, 64):match("^data:image/png;base64,([%w+/]+)")
  local bytes = head and #head >= 32 and decode_base64(head:sub(1, 32))
  if not bytes or bytes:sub(2, 4) ~= "PNG" then return nil end
  local function number(at)
    local a, b, c, d = bytes:byte(at, at + 3)
    return ((a * 256 + b) * 256 + c) * 256 + d
  end
  return number(17), number(21)
end

local function patches(width, height)
  return math.min(math.ceil(width / 32) * math.ceil(height / 32), 1536)
end

local function tiles(width, height)
  local fit = math.min(1, 2048 / math.max(width, height))
  fit = math.min(fit, 768 / math.min(width * fit, height * fit) * fit)
  return math.ceil(width * fit / 512) * math.ceil(height * fit / 512)
end

local function tokens_of(width, height, detail, model)
  local factor = longest(patched, model)
  local rate = longest(tiled, model) or tiled["gpt-4o"]
  if factor then return math.ceil(patches(width, height) * factor) end
  if detail == "low" then return rate[1] end
  return rate[1] + rate[2] * tiles(width, height)
end

--- Whether the size of an image can be read from its URL.
---@param url any
---@return boolean
function M.is_known(url) return type(url) == "string" and known_size(url) ~= nil end

--- The most that an image of any size can cost.
---@param detail string?
---@param model string
---@return integer
function M.most(detail, model) return tokens_of(WIDEST, TALLEST, detail, model) end

--- The tokens of one image.
---@param url string of the image; the size is read from a PNG in a data URL, else 1024 x 1024
---@param detail string? "low", "high" or "auto"
---@param model string
---@return integer
function M.count(url, detail, model)
  local width, height = known_size(url)
  width, height = math.max(width or UNKNOWN_SIDE, 1), math.max(height or UNKNOWN_SIDE, 1)
  return tokens_of(width, height, detail, model)
end

return M
