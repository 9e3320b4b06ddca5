---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Conversations
---@field items lualogue.api.Conversations.Items
local resource_1 = {}

---@class lualogue.api.Conversations.CreateParams
---@field items? table[]
---@field metadata? table
---@field [string] any

---@class lualogue.api.ConversationResourceObject
---@field created_at integer
---@field id string
---@field metadata any
---@field object "conversation"
---@field meta? lualogue.Meta of a reply

--- `POST /conversations`.
---@param params? lualogue.api.Conversations.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ConversationResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:create(params, options) end

---@class lualogue.api.DeletedConversationResourceObject
---@field deleted boolean
---@field id string
---@field object "conversation.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /conversations/{conversation_id}`.
---@param conversation_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.DeletedConversationResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:delete(conversation_id, params, options) end

--- `GET /conversations/{conversation_id}`.
---@param conversation_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ConversationResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:retrieve(conversation_id, params, options) end

---@class lualogue.api.Conversations.UpdateParams
---@field metadata table
---@field [string] any

--- `POST /conversations/{conversation_id}`.
---@param conversation_id string
---@param params? lualogue.api.Conversations.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ConversationResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:update(conversation_id, params, options) end

---@class lualogue.api.Conversations.Items
local resource_2 = {}

---@class lualogue.api.Conversations.Items.CreateParams
---@field include? string[]
---@field items table[]
---@field [string] any

---@class lualogue.api.ConversationItemListObject
---@field data table[]
---@field first_id string
---@field has_more boolean
---@field last_id string
---@field object "list"
---@field meta? lualogue.Meta of a reply

--- `POST /conversations/{conversation_id}/items`.
---@param conversation_id string
---@param params? lualogue.api.Conversations.Items.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ConversationItemListObject? reply the server's own
---@return lualogue.Error? err
function resource_2:create(conversation_id, params, options) end

--- `DELETE /conversations/{conversation_id}/items/{item_id}`.
---@param conversation_id string
---@param item_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ConversationResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_2:delete(conversation_id, item_id, params, options) end

---@class lualogue.api.Conversations.Items.ListParams
---@field after? string
---@field include? string[]
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /conversations/{conversation_id}/items`.
---@param conversation_id string
---@param params? lualogue.api.Conversations.Items.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of table
function resource_2:list(conversation_id, params, options) end

---@class lualogue.api.Conversations.Items.RetrieveParams
---@field include? string[]
---@field [string] any

--- `GET /conversations/{conversation_id}/items/{item_id}`.
---@param conversation_id string
---@param item_id string
---@param params? lualogue.api.Conversations.Items.RetrieveParams
---@param options? lualogue.CallOptions
---@return table? reply the server's own
---@return lualogue.Error? err
function resource_2:retrieve(conversation_id, item_id, params, options) end
