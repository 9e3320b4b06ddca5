--- Texts with their vectors in a file: a line that says whose they are, then a line each, which are
--- only ever added.

local fault = require "lualogue.command.fault"
local json = require "lualogue.json"
local native = require "lualogue.native"

local index = {}

local VERSION = 1

---@class lualogue.command.Index
---@field path string
---@field model? string nil: nothing is in it yet
---@field dimensions? integer
---@field texts string[]
---@field vectors lualogue.Vector[]
---@field has table<string, boolean>

--- A text and its vector as a line of JSON, with all the digits of its 32 bits.
---@param text string
---@param vector lualogue.Vector
---@return string
function index.line(text, vector)
  local numbers = {}
  for i = 1, #vector do numbers[i] = ("%.9g"):format(vector[i]):gsub(",", ".") end
  return ('{"text":%s,"embedding":[%s]}\n'):format(json.encode(text), table.concat(numbers, ","))
end

local function read_line(self, line, number)
  local entry = json.decode(line)
  local numbers = type(entry) == "table" and entry.embedding
  if type(entry) ~= "table" or type(entry.text) ~= "string" or type(numbers) ~= "table" then
    return -- torn by a crash
  end
  local vector = native.core().vector(numbers)
  if #vector ~= self.dimensions then
    fault.use("%s:%d: %d numbers, not %d", self.path, number, #vector, self.dimensions)
  end
  self.texts[#self.texts + 1], self.vectors[#self.vectors + 1] = entry.text, vector
  self.has[entry.text] = true
end

--- Read an index.
---@param path string
---@param must_exist? boolean
---@return lualogue.command.Index
function index.read(path, must_exist)
  local self = { path = path, texts = {}, vectors = {}, has = {} }
  local file, why = io.open(path, "rb")
  if not file then
    if must_exist or not why:find "No such file" then fault.use("%s", why) end
    return self
  end
  local first, number = file:read "*l", 1
  local head = first and json.decode(first)
  if first and (type(head) ~= "table" or head.lualogue_index ~= VERSION) then
    fault.use("%s is no index of lualogue", path)
  end
  if head then self.model, self.dimensions = head.model, head.dimensions end
  for line in file:lines() do
    number = number + 1
    read_line(self, line, number)
  end
  file:close()
  return self
end

--- Add texts with their vectors.
---@param self lualogue.command.Index
---@param model string
---@param texts string[]
---@param vectors lualogue.Vector[]
function index.add(self, model, texts, vectors)
  local lines = {}
  for i, text in ipairs(texts) do
    self.dimensions = self.dimensions or #vectors[i]
    if #vectors[i] ~= self.dimensions then
      fault.raise(fault.WORLD, ("%s has vectors of %d numbers, the model gave %d"):format(
        self.path, self.dimensions, #vectors[i]))
    end
    if not self.model then
      self.model = model
      lines[1] = json.encode { lualogue_index = VERSION, model = model,
        dimensions = self.dimensions } .. "\n"
    end
    lines[#lines + 1] = index.line(text, vectors[i])
    self.has[text] = true
  end
  local ok, why = native.core().append_file(self.path, table.concat(lines))
  if not ok then fault.raise(fault.WORLD, why) end
end

return index
