--- Deterministic text embeddings without a model: hashed words, stems, word families and letter
-- triples. No understanding, but enough that texts about the same thing lie near each other.
--
--     local a, b = embed.vector("a dog barks", 512), embed.vector("puppies bark", 512)

local embed = {}

local ignored = {}
for word in ([[a an and are as at be been but by can did do does for from had has have he her his
  how i if in into is it its me my no not of on or our out she so some than that the their them
  then there these they this those to too up us was we were what when where which who why will
  with would you your]]):gmatch("%S+") do
  ignored[word] = true
end

-- Words of a line mean much the same. Stems, since they are looked up after stemming.
local families = [[
  dog puppy hound canine
  cat kitten feline
  pet animal dog cat puppy kitten
  car automobile vehicle truck drive
  house home flat apartment building
  doctor physician nurse hospital medicine
  food meal eat dinner lunch breakfast cook recipe dish
  bread bake flour oven cake
  rain storm weather snow sun cloud wind forecast wet
  money bank pay cost price cash buy revenue profit earnings
  computer program software code laptop
  network internet server connection
  book read novel library author write
  music song sing melody guitar piano concert orchestra symphony violin
  film movie cinema actor
  happy glad joy cheerful
  sad unhappy sorrow
  big large huge
  small little tiny
  fast quick rapid speed
  begin start
  end finish stop
  travel trip journey holiday vacation flight
  train railway station
  sea ocean beach wave coast seaside shore
  star planet galaxy astronomy telescope space
  child kid baby
  school teacher student learn lesson teach train
  sleep nap doze bed rest
  company business firm revenue earnings profit quarterly
  bicycle bike tyre cycling
  speak talk say language word
  football soccer match goal team
  plant tree flower garden leaf
  king queen royal throne
  king emperor queen empress
]]

local endings = {
  { "iness", "y" }, { "ness", "" }, { "ies", "y" }, { "sses", "ss" }, { "ings", "" },
  { "ing", "" }, { "edly", "" }, { "ed", "" }, { "ers", "" }, { "es", "e" }, { "ly", "" },
  { "s", "" },
}

--- Cut an English ending off; crude, and the same for all forms that matter.
---@param word string
---@return string
local function stem(word)
  for _, ending in ipairs(endings) do
    local cut, put = ending[1], ending[2]
    local fits = #word > #cut + 2 and word:sub(-#cut) == cut
    if fits and not (cut == "s" and word:sub(-2) == "ss") then
      word = word:sub(1, -#cut - 1) .. put
      break
    end
  end
  word = word:gsub("([bdgmnprt])%1$", "%1")
  return #word > 4 and (word:gsub("e$", "")) or word
end

local families_of = {}
local number = 0
for line in families:gmatch("[^\n]+") do
  number = number + 1
  for word in line:gmatch("%S+") do
    local key = stem(word)
    families_of[key] = families_of[key] or {}
    table.insert(families_of[key], number)
  end
end

--- A polynomial hash below 2^31 that is exact in doubles, hence the same on every Lua.
---@param text string
---@param seed integer
---@return integer
local function hash(text, seed)
  local h = seed
  for i = 1, #text do
    h = (h * 65599 + text:byte(i)) % 2147483647
  end
  return (h * 48271) % 2147483647
end

local function add(vector, feature, weight)
  local n = #vector
  local index = hash(feature, 7) % n + 1
  local sign = math.floor(hash(feature, 31) / 64) % 2 == 0 and 1 or -1
  vector[index] = vector[index] + sign * weight
end

local function add_word(vector, word)
  if ignored[word] then
    add(vector, "=" .. word, 0.05)
    return
  end
  local key = stem(word)
  add(vector, "w:" .. key, 1)
  for _, family in ipairs(families_of[key] or {}) do
    add(vector, "f:" .. family, 0.9)
  end
  local padded = "^" .. key .. "$"
  for i = 1, #padded - 2 do
    add(vector, "t:" .. padded:sub(i, i + 2), 0.25)
  end
end

--- Embed a text.
---@param text string
---@param dimensions integer number of floats
---@return number[] vector of length 1
function embed.vector(text, dimensions)
  local vector = {}
  for i = 1, dimensions do
    vector[i] = 0
  end
  for word in text:lower():gmatch("[%w\128-\255]+") do
    add_word(vector, word)
  end
  -- Never zero, so that it can be given a length; the same small part in every text.
  add(vector, "bias", 0.05)
  local square = 0
  for i = 1, dimensions do
    square = square + vector[i] * vector[i]
  end
  if square == 0 then
    vector[1], square = 1, 1
  end
  local length = math.sqrt(square)
  for i = 1, dimensions do
    vector[i] = vector[i] / length
  end
  return vector
end

-- ------------------------------------------------------------------ base64 of float32

--- One number as a little-endian IEEE float, without string.pack, which 5.1 and LuaJIT lack.
---@param value number a normal number in the range of a float
---@return integer, integer, integer, integer bytes
local function float_bytes(value)
  local sign = value < 0 and 128 or 0
  local mantissa, exponent = math.frexp(math.abs(value))
  if mantissa == 0 or exponent < -125 then
    return 0, 0, 0, sign
  end
  local bits = math.floor(mantissa * 16777216 + 0.5)
  if bits == 16777216 then
    bits, exponent = 8388608, exponent + 1
  end
  bits = bits - 8388608
  local biased = exponent + 126
  return bits % 256, math.floor(bits / 256) % 256,
    math.floor(bits / 65536) + biased % 2 * 128, sign + math.floor(biased / 2)
end

local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

---@param bytes string
---@return string
local function base64(bytes)
  local padding = (3 - #bytes % 3) % 3
  local text = (bytes .. ("\0"):rep(padding)):gsub("...", function(triple)
    local a, b, c = triple:byte(1, 3)
    local value = a * 65536 + b * 256 + c
    local out = ""
    for _ = 1, 4 do
      local digit = value % 64
      out = alphabet:sub(digit + 1, digit + 1) .. out
      value = (value - digit) / 64
    end
    return out
  end)
  return text:sub(1, #text - padding) .. ("="):rep(padding)
end

--- The vector as the API's `encoding_format = "base64"` sends it.
---@param vector number[]
---@return string
function embed.base64(vector)
  local out = {}
  for i, value in ipairs(vector) do
    out[i] = string.char(float_bytes(value))
  end
  return base64(table.concat(out))
end

return embed
