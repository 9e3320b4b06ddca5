--- `lualogue embed`: lines into vectors.

local fault = require "lualogue.command.fault"
local index = require "lualogue.command.index"
local native = require "lualogue.native"
local output = require "lualogue.command.output"
local settings = require "lualogue.command.settings"
local telling = require "lualogue.command.telling"
local whom = require "lualogue.command.whom"

local embed = {}

local BATCH = 100 -- lines of one request

--- The client and the model that make vectors.
---@param name? string
---@return lualogue.Client client
---@return string model
function embed.by(name)
  name = name or settings.config().embedding_model or "text-embedding-3-small"
  local who = whom.of(name)
  return whom.plain_client(who), who.model
end

--- The vectors of texts.
---@param client lualogue.Client
---@param model string
---@param texts string[]
---@return lualogue.Vector[]
---@return table? usage
function embed.vectors(client, model, texts)
  local params = { model = model, input = texts }
  local reply, err = fault.checked(client.embeddings, client, params)
  if not reply then fault.of(err) end
  local vectors = {}
  for i, item in ipairs(reply.data or {}) do vectors[(item.index or i - 1) + 1] = item.embedding end
  if #vectors ~= #texts then
    fault.raise(fault.WORLD, ("%d vectors came for %d texts"):format(#vectors, #texts))
  end
  return vectors, reply.usage
end

--- Lines that are to be asked for, in batches.
local function batches(known)
  local batch, seen = {}, {}
  return function()
    batch = {}
    for line in io.lines() do
      line = line:gsub("\r$", "")
      if line:find "%S" and not (known and (known.has[line] or seen[line])) then
        batch[#batch + 1] = line
        seen[line] = known and true
      end
      if #batch == BATCH then break end
    end
    return batch[1] and batch or nil
  end
end

---@param options table
---@return integer code
function embed.run(options)
  if options[1] then fault.use("embed reads lines from standard input; it takes no words") end
  local known = options.index and index.read(options.index)
  local client, model = embed.by(options.model or known and known.model)
  if known and known.model and known.model ~= model then
    fault.use("%s has vectors of %s, not of %s", known.path, known.model, model)
  end
  require("lualogue").interrupts(true)
  local began, sum, n = native.core().now(), nil, 0
  for batch in batches(known) do
    local vectors, usage = embed.vectors(client, model, batch)
    sum, n = require("lualogue.usage").add(sum, usage), n + #batch
    if known then
      index.add(known, model, batch, vectors)
    else
      for i, text in ipairs(batch) do
        output.raw(index.line(text, vectors[i]))
      end
    end
  end
  if known then output.note(("%s: %d lines more"):format(known.path, n)) end
  if options.usage then
    telling.usage({ usage = sum, seconds = native.core().now() - began }, { model = model })
  end
  return 0
end

return embed
