---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Images
local resource_1 = {}

---@class lualogue.api.Images.CreateVariationParams
---@field image lualogue.File
---@field model? string|"dall-e-2"
---@field n? integer
---@field response_format? "url"|"b64_json"
---@field size? "256x256"|"512x512"|"1024x1024"
---@field user? string
---@field [string] any

---@class lualogue.api.ImagesResponseObject
---@field background? "transparent"|"opaque"
---@field created integer
---@field data? table[]
---@field output_format? "png"|"webp"|"jpeg"
---@field quality? "low"|"medium"|"high"
---@field size? "1024x1024"|"1024x1536"|"1536x1024"
---@field usage? table
---@field meta? lualogue.Meta of a reply

--- `POST /images/variations`.
---@param params? lualogue.api.Images.CreateVariationParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ImagesResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_1:create_variation(params, options) end

---@class lualogue.api.Images.EditParams
---@field background? "transparent"|"opaque"|"auto"
---@field images table[]
---@field input_fidelity? "high"|"low"
---@field mask? table
---@field model? string
---@field moderation? "low"|"auto"
---@field n? integer
---@field output_compression? integer
---@field output_format? "png"|"jpeg"|"webp"
---@field partial_images? integer
---@field prompt string
---@field quality? "low"|"medium"|"high"|"auto"
---@field size? "auto"|"1024x1024"|"1536x1024"|"1024x1536"
---@field stream? boolean
---@field user? string
---@field [string] any

--- `POST /images/edits`.
---@param params? lualogue.api.Images.EditParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ImagesResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_1:edit(params, options) end

---@class lualogue.api.Images.GenerateParams
---@field background? "transparent"|"opaque"|"auto"
---@field model? string
---@field moderation? "low"|"auto"
---@field n? integer
---@field output_compression? integer
---@field output_format? "png"|"jpeg"|"webp"
---@field partial_images? integer
---@field prompt string
---@field quality? "standard"|"hd"|"low"|"medium"|"high"|"auto"
---@field response_format? "url"|"b64_json"
---@field size? string
---@field stream? boolean
---@field style? "vivid"|"natural"
---@field user? string
---@field [string] any

--- `POST /images/generations`.
---@param params? lualogue.api.Images.GenerateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ImagesResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_1:generate(params, options) end
