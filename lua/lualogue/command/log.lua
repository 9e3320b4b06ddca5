--- Conversations on the disk: a file of lines each, which only ever grows. The first line says
--- where and when; each other one is a turn, with the name of the turn that it follows, so that
--- another answer or an edited question stands beside the old one.

local fault = require "lualogue.command.fault"
local json = require "lualogue.json"
local native = require "lualogue.native"
local settings = require "lualogue.command.settings"

local log = {}

local VERSION = 1

---@class lualogue.command.Turn
---@field id string
---@field parent? string nil: it is a first one
---@field time string
---@field model string as it was asked for
---@field system? any
---@field params? table of the request
---@field messages lualogue.Message[] the question, and what was answered
---@field usage? table
---@field finish_reason? string
---@field mark? string "interrupted"

---@class lualogue.command.Conversation
---@field id string
---@field path? string nil: nowhere to write to
---@field head? table the first line; nil: not written yet
---@field turns lualogue.command.Turn[]
---@field by_id table<string, lualogue.command.Turn>
---@field is_torn? boolean its last line has no end
---@field last? lualogue.command.Turn the one to go on from

local function folder()
  local state = settings.state_folder()
  return state and state .. "/conversations"
end

--- Six letters that no other process draws.
local function random()
  local file = io.open("/dev/urandom", "rb")
  local bytes = file and file:read(3)
  if file then file:close() end
  if not bytes or #bytes < 3 then -- what differs from process to process, then
    bytes = native.core().sha256(tostring({}) .. native.core().now() .. os.clock()):sub(1, 3)
  end
  return (bytes:gsub(".", function(byte) return ("%02x"):format(byte:byte()) end))
end

local function now() return os.date "!%Y-%m-%dT%H:%M:%SZ" end

--- A conversation that has not been yet.
---@return lualogue.command.Conversation
function log.new()
  local id = os.date "!%Y%m%d-%H%M%S" .. "-" .. random()
  local where = folder()
  return { id = id, path = where and ("%s/%s.jsonl"):format(where, id), turns = {}, by_id = {} }
end

local function head_of(line)
  local head = line and json.decode(line)
  if type(head) == "table" and head.lualogue == VERSION then return head end
end

--- Read a conversation. Lines that are no turn (torn by a crash) are left out.
---@param path string
---@return lualogue.command.Conversation? conversation nil: it is none
function log.read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local head = head_of(file:read "*l")
  local id = path:match "([^/]+)%.jsonl$"
  local self = { id = id, path = path, head = head, turns = {}, by_id = {} }
  for line in head and file:lines() or function() end do
    local turn = json.decode(line)
    if type(turn) == "table" and type(turn.id) == "string" and type(turn.messages) == "table" then
      self.turns[#self.turns + 1], self.by_id[turn.id], self.last = turn, turn, turn
    elseif type(turn) == "table" and turn.back_to ~= nil then
      self.last = self.by_id[turn.back_to]
    end
  end
  -- A line that was torn off is ended before the next one.
  self.is_torn = file:seek("end", -1) and file:read(1) ~= "\n"
  file:close()
  return head and self or nil
end

local function append(self, text)
  local ok, why = native.core().append_file(self.path, (self.is_torn and "\n" or "") .. text)
  self.is_torn = self.is_torn and not ok
  return ok, why
end

--- All conversations, the one that was written to last first.
---@return { id: string, path: string, time: number, bytes: number }[]
function log.list()
  local where, found = folder(), {}
  for _, entry in ipairs(where and native.core().folder(where) or {}) do
    local id = entry.name:match "^([%w-]+)%.jsonl$"
    if id then
      found[#found + 1] = { id = id, path = where .. "/" .. entry.name, time = entry.time,
        bytes = entry.bytes }
    end
  end
  table.sort(found, function(a, b)
    if a.time ~= b.time then return a.time > b.time end
    return a.id > b.id
  end)
  return found
end

--- The newest conversation of this folder, or of any.
---@param is_global? boolean
---@return lualogue.command.Conversation
function log.newest(is_global)
  local here = native.core().current_folder()
  for _, entry in ipairs(log.list()) do
    local file = io.open(entry.path, "rb")
    local head = file and head_of(file:read "*l")
    if file then file:close() end
    if head and (is_global or head.folder == here) then return assert(log.read(entry.path)) end
  end
  fault.use(is_global and "there is no conversation to go on with"
    or "there is no conversation of this folder to go on with (--global takes any)")
end

--- A conversation by its id, or a part of it that no other has.
---@param id string
---@return lualogue.command.Conversation
function log.find(id)
  local found
  for _, entry in ipairs(log.list()) do
    if entry.id == id then return log.read(entry.path) or fault.use("%s is no log", entry.path) end
    if entry.id:find(id, 1, true) then
      if found then fault.use("several conversations have '%s' in their ids", id) end
      found = entry
    end
  end
  if not found then fault.use("there is no conversation '%s' (lualogue logs lists them)", id) end
  return log.read(found.path) or fault.use("%s is no log", found.path)
end

--- The messages up to a turn, oldest first.
---@param self lualogue.command.Conversation
---@param turn? lualogue.command.Turn
---@return lualogue.Message[]
function log.messages(self, turn)
  local chain = {}
  while turn do
    table.insert(chain, 1, turn)
    turn = turn.parent and self.by_id[turn.parent]
  end
  local messages = {}
  for _, one in ipairs(chain) do
    for _, message in ipairs(one.messages) do messages[#messages + 1] = message end
  end
  return messages
end

--- The text of a message, whatever its form.
---@param message lualogue.Message
---@return string
function log.text(message)
  local content = message.content
  if type(content) == "string" then return content end
  local parts = {}
  for _, part in ipairs(type(content) == "table" and content or {}) do
    parts[#parts + 1] = type(part) == "table" and type(part.text) == "string" and part.text
      or ("[%s]"):format(type(part) == "table" and tostring(part.type) or "?")
  end
  return table.concat(parts, "\n")
end

--- The first words of what is said.
local function title_of(messages)
  local text = messages[1] and log.text(messages[1]) or ""
  local title = text:gsub("%s+", " "):gsub("^ ", "")
  return require("lualogue.terminal").cut(title, 60)
end

--- Write a turn.
---@param self lualogue.command.Conversation
---@param turn lualogue.command.Turn without id and time
---@return boolean? done
---@return string? why not
function log.add(self, turn)
  if not self.path then return nil, "there is no place for it: HOME is not set" end
  turn.id, turn.time = random(), now()
  local lines, head = {}, nil
  if not self.head then
    head = { lualogue = VERSION, id = self.id, time = turn.time, title = title_of(turn.messages),
      folder = native.core().current_folder() }
    lines[1] = json.encode(head) .. "\n"
  end
  lines[#lines + 1] = json.encode(turn) .. "\n"
  local core = native.core()
  local ok, why = core.make_folder(self.path:match "^(.*)/")
  if ok then ok, why = append(self, table.concat(lines)) end
  if not ok then return nil, why end
  self.head = self.head or head
  self.turns[#self.turns + 1], self.by_id[turn.id], self.last = turn, turn, turn
  return true
end

--- Write down that the conversation goes on from an earlier turn.
---@param self lualogue.command.Conversation of which something is written
---@param turn? lualogue.command.Turn nil: from the beginning
---@return boolean? done
---@return string? why not
function log.back_to(self, turn)
  local ok, why = append(self, json.encode { back_to = turn and turn.id or false } .. "\n")
  if not ok then return nil, why end
  self.last = turn
  return true
end

return log
