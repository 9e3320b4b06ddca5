--- The files of the offline model: kept in memory, as long as it runs. Functions from a request's
-- body to a reply, without any I/O.

local api = require "api"

local files = {}

local max_files = 16 -- the oldest goes first
local stored, order, last_number = {}, {}, 0

--- The fields of a form, name -> { bytes, filename }.
local function fields_of(kind, body)
  local boundary = (kind or ""):match '^multipart/form%-data;.*boundary="?([^";]+)'
  api.check(boundary, "Expected a form: Content-Type: multipart/form-data.")
  local fields, at = {}, 1
  body = "\r\n" .. body
  local mark = "\r\n--" .. boundary
  local _, from = body:find(mark, at, true)
  while from do
    local head_end, data = body:find("\r\n\r\n", from, true)
    local next_mark, next_from = body:find(mark, data or from, true)
    if not head_end or not next_mark then break end
    local head = body:sub(from + 1, head_end)
    local name = head:match '[; ]name="([^"]*)"'
    if name then
      fields[name] = { bytes = body:sub(data + 1, next_mark - 1), filename = head:match 'filename="([^"]*)"' }
    end
    from = next_from
  end
  return fields
end

--- Keep the file of a form.
---@param kind? string the request's Content-Type
---@param body string
---@return table file as the API describes it
function files.create(kind, body)
  local fields = fields_of(kind, body)
  api.check(fields.file and fields.file.filename, "Missing required parameter: 'file'.", "file",
    "missing_required_parameter")
  api.check(fields.purpose, "Missing required parameter: 'purpose'.", "purpose",
    "missing_required_parameter")
  last_number = last_number + 1
  local id = ("file-%d"):format(last_number)
  stored[id] = {
    bytes = fields.file.bytes,
    object = {
      id = id, object = "file", bytes = #fields.file.bytes, created_at = os.time(), status = "processed",
      filename = fields.file.filename, purpose = fields.purpose.bytes,
    },
  }
  order[#order + 1] = id
  if #order > max_files then stored[table.remove(order, 1)] = nil end
  return stored[id].object
end

local function find(id)
  return stored[id] or api.fail(404, ("No such File object: %s"):format(id), "id")
end

---@return table list
function files.list()
  local data = {}
  for _, id in ipairs(order) do
    if stored[id] then data[#data + 1] = stored[id].object end
  end
  return { object = "list", data = data, has_more = false }
end

---@param id string
---@return table file
function files.retrieve(id) return find(id).object end

---@param id string
---@return string bytes
function files.content(id) return find(id).bytes end

---@param id string
---@return table reply
function files.delete(id)
  find(id)
  stored[id] = nil
  for i, other in ipairs(order) do
    if other == id then
      table.remove(order, i)
      break
    end
  end
  return { id = id, object = "file", deleted = true }
end

return files
