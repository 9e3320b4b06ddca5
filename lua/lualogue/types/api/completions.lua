---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Completions
local resource_1 = {}

---@class lualogue.api.Completions.CreateParams
---@field best_of? integer
---@field echo? boolean
---@field frequency_penalty? number
---@field logit_bias? table
---@field logprobs? integer
---@field max_tokens? integer
---@field model string|"gpt-3.5-turbo-instruct"|"davinci-002"|"babbage-002"
---@field n? integer
---@field presence_penalty? number
---@field prompt string|string[]|integer[]|integer[][]
---@field seed? integer
---@field stop? string|string[]
---@field stream? boolean
---@field stream_options? table
---@field suffix? string
---@field temperature? number
---@field top_p? number
---@field user? string
---@field [string] any

---@class lualogue.api.CreateCompletionResponseObject
---@field choices table[]
---@field created integer
---@field id string
---@field model string
---@field object "text_completion"
---@field system_fingerprint? string
---@field usage? table
---@field meta? lualogue.Meta of a reply

--- `POST /completions`.
---@param params? lualogue.api.Completions.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.CreateCompletionResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_1:create(params, options) end

--- `POST /completions`.
---@param params? lualogue.api.Completions.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.ResourceStream? stream
---@return lualogue.Error? err
function resource_1:stream(params, options) end
