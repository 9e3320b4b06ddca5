--- What answers cost, from the caller's own prices: nobody else's are up to date.

local prices = {}

--- What is wrong with a list of prices; nil: nothing.
---@param list table
---@return string?
function prices.flaw(list)
  for name, price in next, list do
    if type(price) ~= "table" or type(price[1]) ~= "number" or type(price[2]) ~= "number"
      or price.cached ~= nil and type(price.cached) ~= "number" then
      local why = "prices[%q]: { input, output, cached = ... } per million tokens expected"
      return why:format(tostring(name))
    end
  end
end

--- The price of a model: by its name in the lab, else by that on the server.
---@param list table<string, table>
---@param model lualogue.lab.Model
---@return table? price { input, output, cached = } for a million tokens each
function prices.of(list, model) return list[model.name] or list[model.id] end

--- What an answer costs.
---@param list table<string, table>
---@param model lualogue.lab.Model
---@param usage? table of the reply
---@return number? cost nil where the price or the usage is not known
function prices.cost(list, model, usage)
  local price = prices.of(list, model)
  if not price or type(usage) ~= "table" then return nil end
  local input, output = usage.prompt_tokens or 0, usage.completion_tokens or 0
  local details = usage.prompt_tokens_details
  local cached = type(details) == "table" and details.cached_tokens or 0
  if not price.cached then cached = 0 end
  local sum = (input - cached) * price[1] + cached * (price.cached or 0) + output * price[2]
  return sum / 1e6
end

return prices
