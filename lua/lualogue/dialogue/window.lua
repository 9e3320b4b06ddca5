--- Asking a server for its window. Few can tell; llama.cpp's can, and gives itself away by the
--- timings in its answers.

local window = {}

--- Whether an answer comes from a server that can tell.
---@param reply any a whole reply
---@return boolean
function window.can_tell(reply) return type(reply) == "table" and type(reply.timings) == "table" end

local function of_model(list, model)
  local data = type(list) == "table" and type(list.data) == "table" and list.data or {}
  for _, item in ipairs(data) do
    if type(item) == "table" and (item.id == model or #data == 1) then
      local n = type(item.meta) == "table" and item.meta.n_ctx
      return type(n) == "number" and n >= 1 and n % 1 == 0 and n or nil
    end
  end
end

--- Ask once for the window of a model, and learn it. Without an answer the first prompt that is too
--- long will tell.
---@param self lualogue.dialogue.Inside
---@param model string?
function window.ask(self, model)
  local entry = self.account:of(model)
  if not entry.can_tell or entry.asked then return end
  entry.asked = true
  if entry.window or type(self.client.request) ~= "function" then return end
  local list = self.client:request("GET", "/models", nil, { timeout = 5, max_retries = 0 })
  local n = of_model(list, model)
  if n then self.account:learn(model, n) end
end

return window
