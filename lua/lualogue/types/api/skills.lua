---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Skills
---@field content lualogue.api.Skills.Content
---@field versions lualogue.api.Skills.Versions
local resource_1 = {}

---@class lualogue.api.Skills.CreateParams
---@field files lualogue.File[]|lualogue.File
---@field [string] any

---@class lualogue.api.SkillResourceObject
---@field created_at integer
---@field default_version string
---@field description string
---@field id string
---@field latest_version string
---@field name string
---@field object "skill"
---@field meta? lualogue.Meta of a reply

--- `POST /skills`.
---@param params? lualogue.api.Skills.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.SkillResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:create(params, options) end

---@class lualogue.api.DeletedSkillResourceObject
---@field deleted boolean
---@field id string
---@field object "skill.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /skills/{skill_id}`.
---@param skill_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.DeletedSkillResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:delete(skill_id, params, options) end

---@class lualogue.api.Skills.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /skills`.
---@param params? lualogue.api.Skills.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.SkillResourceObject
function resource_1:list(params, options) end

--- `GET /skills/{skill_id}`.
---@param skill_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.SkillResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:retrieve(skill_id, params, options) end

---@class lualogue.api.Skills.UpdateParams
---@field default_version string
---@field [string] any

--- `POST /skills/{skill_id}`.
---@param skill_id string
---@param params? lualogue.api.Skills.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.SkillResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_1:update(skill_id, params, options) end

---@class lualogue.api.Skills.Content
local resource_2 = {}

--- `GET /skills/{skill_id}/content`.
---@param skill_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return string|lualogue.Saved|lualogue.ByteStream|nil bytes
---@return lualogue.Error? err
function resource_2:retrieve(skill_id, params, options) end

---@class lualogue.api.Skills.Versions
---@field content lualogue.api.Skills.Versions.Content
local resource_3 = {}

---@class lualogue.api.Skills.Versions.CreateParams
---@field default? boolean
---@field files lualogue.File[]|lualogue.File
---@field [string] any

---@class lualogue.api.SkillVersionResourceObject
---@field created_at integer
---@field description string
---@field id string
---@field name string
---@field object "skill.version"
---@field skill_id string
---@field version string
---@field meta? lualogue.Meta of a reply

--- `POST /skills/{skill_id}/versions`.
---@param skill_id string
---@param params? lualogue.api.Skills.Versions.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.SkillVersionResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_3:create(skill_id, params, options) end

---@class lualogue.api.DeletedSkillVersionResourceObject
---@field deleted boolean
---@field id string
---@field object "skill.version.deleted"
---@field version string
---@field meta? lualogue.Meta of a reply

--- `DELETE /skills/{skill_id}/versions/{version}`.
---@param skill_id string
---@param version string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.DeletedSkillVersionResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_3:delete(skill_id, version, params, options) end

---@class lualogue.api.Skills.Versions.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /skills/{skill_id}/versions`.
---@param skill_id string
---@param params? lualogue.api.Skills.Versions.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.SkillVersionResourceObject
function resource_3:list(skill_id, params, options) end

--- `GET /skills/{skill_id}/versions/{version}`.
---@param skill_id string
---@param version string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.SkillVersionResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_3:retrieve(skill_id, version, params, options) end

---@class lualogue.api.Skills.Versions.Content
local resource_4 = {}

--- `GET /skills/{skill_id}/versions/{version}/content`.
---@param skill_id string
---@param version string
---@param params? table
---@param options? lualogue.CallOptions
---@return string|lualogue.Saved|lualogue.ByteStream|nil bytes
---@return lualogue.Error? err
function resource_4:retrieve(skill_id, version, params, options) end
