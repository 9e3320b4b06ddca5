--- What all endpoints of the offline model share, and the replies about embeddings and models:
-- functions from a decoded request to a reply, without any I/O.
--
-- A wrong request raises a failure made by `api.fail`; the server turns it into the error body
-- that the official API would send.

local embed = require "embed"

local api = {}

api.chat_model = "eliza"
api.embedding_model = "eliza-embedding"

local models = {
  { id = api.chat_model, object = "model", created = 1704067200, owned_by = "offline" },
  { id = api.embedding_model, object = "model", created = 1704067200, owned_by = "offline" },
}

local default_dimensions = 512
local max_dimensions = 4096
local max_inputs = 2048

---@class offline.Failure
---@field status integer HTTP status
---@field body { error: { message: string, type: string, param: any, code: any } }

--- Raise a failure in the official form.
---@param status integer HTTP status
---@param message string
---@param param? string the parameter that is wrong
---@param code? string
function api.fail(status, message, param, code)
  error({
    status = status,
    body = { error = {
      message = message, type = "invalid_request_error", param = param or api.null,
      code = code or api.null,
    } },
  }, 0)
end

--- What stands for null in replies; the server sets it to its JSON library's.
api.null = nil

--- Fail with 400 unless `ok`.
function api.check(ok, message, param, code)
  if not ok then
    api.fail(400, message, param, code)
  end
end

--- Whether a field was sent, and not as null.
function api.present(value)
  return value ~= nil and value ~= api.null
end

--- A whole number of a request, or nil if it is not there.
---@param request table
---@param name string
---@param least integer
---@param most integer
---@return integer?
function api.check_count(request, name, least, most)
  local value = request[name]
  if not api.present(value) then
    return nil
  end
  api.check(type(value) == "number" and value % 1 == 0 and value >= least and value <= most,
    ("Invalid '%s': expected a whole number from %d to %d."):format(name, least, most),
    name, "invalid_value")
  return value
end

-- ------------------------------------------------------------------ pieces

--- Cut a text into what the offline model calls tokens: words and marks, each with the white
-- space before it. Joined, they are the text.
---@param text string
---@return string[]
function api.pieces(text)
  local out, at = {}, 1
  while at <= #text do
    local _, stop = text:find("^%s*[%w'_\128-\255]+", at)
    if not stop then
      _, stop = text:find("^%s*[^%s]", at)
    end
    stop = stop or #text
    out[#out + 1] = text:sub(at, stop)
    at = stop + 1
  end
  return out
end

-- ------------------------------------------------------------------ embeddings

--- The inputs as a list of texts; a list of token numbers is a text too.
local function inputs_of(request)
  local input = request.input
  api.check(api.present(input), "Missing required parameter: 'input'.", "input", "missing_required_parameter")
  if type(input) ~= "table" or type(input[1]) == "number" then
    input = { input }
  end
  api.check(#input >= 1 and #input <= max_inputs,
    ("Invalid 'input': expected from 1 to %d texts."):format(max_inputs), "input", "invalid_value")
  local texts = {}
  for i, item in ipairs(input) do
    if type(item) == "table" and type(item[1]) == "number" then
      item = "token" .. table.concat(item, " token")
    end
    api.check(type(item) == "string" and item ~= "",
      "Invalid 'input': a text is empty or not a string.", "input", "invalid_type")
    texts[i] = item
  end
  return texts
end

--- The reply to an embeddings request.
---@param request table decoded body
---@return table
function api.embeddings(request)
  api.check_model(request.model)
  local texts = inputs_of(request)
  local dimensions = api.check_count(request, "dimensions", 1, max_dimensions) or default_dimensions
  local format = api.present(request.encoding_format) and request.encoding_format or "float"
  api.check(format == "float" or format == "base64",
    "Invalid 'encoding_format': expected 'float' or 'base64'.", "encoding_format", "invalid_value")
  local data, cost = {}, 0
  for i, text in ipairs(texts) do
    local vector = embed.vector(text, dimensions)
    data[i] = {
      object = "embedding", index = i - 1,
      embedding = format == "base64" and embed.base64(vector) or vector,
    }
    cost = cost + #api.pieces(text)
  end
  return {
    object = "list", data = data, model = api.embedding_model,
    usage = { prompt_tokens = cost, total_tokens = cost },
  }
end

-- ------------------------------------------------------------------ models

--- Every model, as GET /models answers it.
---@return table
function api.models()
  return { object = "list", data = models }
end

--- One model; fails with 404 if there is none of that name.
---@param id string
---@return table
function api.model(id)
  for _, model in ipairs(models) do
    if model.id == id then
      return model
    end
  end
  api.fail(404, ("The model '%s' does not exist."):format(id), "model", "model_not_found")
end

--- Fail unless `model` names one of ours.
---@param model any
function api.check_model(model)
  api.check(api.present(model), "Missing required parameter: 'model'.", "model", "missing_required_parameter")
  api.check(type(model) == "string", "Invalid type for 'model': expected a string.", "model", "invalid_type")
  api.model(model)
end

return api
