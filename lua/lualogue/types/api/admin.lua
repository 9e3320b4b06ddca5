---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.Admin
---@field organization lualogue.api.Admin.Organization
local resource_1 = {}

---@class lualogue.api.Admin.Organization
---@field admin_api_keys lualogue.api.Admin.Organization.AdminApiKeys
---@field audit_logs lualogue.api.Admin.Organization.AuditLogs
---@field certificates lualogue.api.Admin.Organization.Certificates
---@field data_retention lualogue.api.Admin.Organization.DataRetention
---@field groups lualogue.api.Admin.Organization.Groups
---@field invites lualogue.api.Admin.Organization.Invites
---@field projects lualogue.api.Admin.Organization.Projects
---@field roles lualogue.api.Admin.Organization.Roles
---@field spend_alerts lualogue.api.Admin.Organization.SpendAlerts
---@field spend_limit lualogue.api.Admin.Organization.SpendLimit
---@field usage lualogue.api.Admin.Organization.Usage
---@field users lualogue.api.Admin.Organization.Users
local resource_2 = {}

---@class lualogue.api.Admin.Organization.AdminApiKeys
local resource_3 = {}

---@class lualogue.api.Admin.Organization.AdminApiKeys.CreateParams
---@field expires_in_seconds? integer
---@field name string
---@field [string] any

---@class lualogue.api.AdminApiKeyCreateResponseObject
---@field created_at integer
---@field expires_at integer
---@field id string
---@field last_used_at? integer
---@field name? string
---@field object "organization.admin_api_key"
---@field owner table
---@field redacted_value string
---@field value string
---@field meta? lualogue.Meta of a reply

--- `POST /organization/admin_api_keys`.
---@param params? lualogue.api.Admin.Organization.AdminApiKeys.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.AdminApiKeyCreateResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_3:create(params, options) end

--- `DELETE /organization/admin_api_keys/{key_id}`.
---@param key_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return table? reply the server's own
---@return lualogue.Error? err
function resource_3:delete(key_id, params, options) end

---@class lualogue.api.Admin.Organization.AdminApiKeys.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

---@class lualogue.api.AdminApiKeyObject
---@field created_at integer
---@field expires_at integer
---@field id string
---@field last_used_at? integer
---@field name? string
---@field object "organization.admin_api_key"
---@field owner table
---@field redacted_value string
---@field meta? lualogue.Meta of a reply

--- `GET /organization/admin_api_keys`.
---@param params? lualogue.api.Admin.Organization.AdminApiKeys.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.AdminApiKeyObject
function resource_3:list(params, options) end

--- `GET /organization/admin_api_keys/{key_id}`.
---@param key_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.AdminApiKeyObject? reply the server's own
---@return lualogue.Error? err
function resource_3:retrieve(key_id, params, options) end

---@class lualogue.api.Admin.Organization.AuditLogs
local resource_4 = {}

---@class lualogue.api.Admin.Organization.AuditLogs.ListParams
---@field actor_emails? string[]
---@field actor_ids? string[]
---@field after? string
---@field before? string
---@field effective_at? table
---@field event_types? string[]
---@field limit? integer
---@field project_ids? string[]
---@field resource_ids? string[]
---@field tenant_only? boolean
---@field [string] any

---@class lualogue.api.AuditLogObject
---@field actor? table
---@field effective_at integer
---@field id string
---@field project? table
---@field type string
---@field meta? lualogue.Meta of a reply

--- `GET /organization/audit_logs`.
---@param params? lualogue.api.Admin.Organization.AuditLogs.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.AuditLogObject
function resource_4:list(params, options) end

---@class lualogue.api.Admin.Organization.Certificates
local resource_5 = {}

---@class lualogue.api.Admin.Organization.Certificates.ActivateParams
---@field certificate_ids string[]
---@field [string] any

---@class lualogue.api.OrganizationCertificateActivationResponseObject
---@field data table[]
---@field object "organization.certificate.activation"
---@field meta? lualogue.Meta of a reply

--- `POST /organization/certificates/activate`.
---@param params? lualogue.api.Admin.Organization.Certificates.ActivateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.OrganizationCertificateActivationResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_5:activate(params, options) end

---@class lualogue.api.Admin.Organization.Certificates.CreateParams
---@field certificate string
---@field name? string
---@field [string] any

---@class lualogue.api.CertificateObject
---@field active? boolean
---@field certificate_details table
---@field created_at integer
---@field id string
---@field name string
---@field object string
---@field meta? lualogue.Meta of a reply

--- `POST /organization/certificates`.
---@param params? lualogue.api.Admin.Organization.Certificates.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.CertificateObject? reply the server's own
---@return lualogue.Error? err
function resource_5:create(params, options) end

---@class lualogue.api.Admin.Organization.Certificates.DeactivateParams
---@field certificate_ids string[]
---@field [string] any

---@class lualogue.api.OrganizationCertificateDeactivationResponseObject
---@field data table[]
---@field object "organization.certificate.deactivation"
---@field meta? lualogue.Meta of a reply

--- `POST /organization/certificates/deactivate`.
---@param params? lualogue.api.Admin.Organization.Certificates.DeactivateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.OrganizationCertificateDeactivationResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_5:deactivate(params, options) end

---@class lualogue.api.DeleteCertificateResponseObject
---@field id string
---@field object "certificate.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /organization/certificates/{certificate_id}`.
---@param certificate_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.DeleteCertificateResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_5:delete(certificate_id, params, options) end

---@class lualogue.api.Admin.Organization.Certificates.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

---@class lualogue.api.OrganizationCertificateObject
---@field active boolean
---@field certificate_details table
---@field created_at integer
---@field id string
---@field name string
---@field object "organization.certificate"
---@field meta? lualogue.Meta of a reply

--- `GET /organization/certificates`.
---@param params? lualogue.api.Admin.Organization.Certificates.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.OrganizationCertificateObject
function resource_5:list(params, options) end

---@class lualogue.api.Admin.Organization.Certificates.RetrieveParams
---@field include? "content"[]
---@field [string] any

--- `GET /organization/certificates/{certificate_id}`.
---@param certificate_id string
---@param params? lualogue.api.Admin.Organization.Certificates.RetrieveParams
---@param options? lualogue.CallOptions
---@return lualogue.api.CertificateObject? reply the server's own
---@return lualogue.Error? err
function resource_5:retrieve(certificate_id, params, options) end

---@class lualogue.api.Admin.Organization.Certificates.UpdateParams
---@field name? string
---@field [string] any

--- `POST /organization/certificates/{certificate_id}`.
---@param certificate_id string
---@param params? lualogue.api.Admin.Organization.Certificates.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.CertificateObject? reply the server's own
---@return lualogue.Error? err
function resource_5:update(certificate_id, params, options) end

---@class lualogue.api.Admin.Organization.DataRetention
local resource_6 = {}

---@class lualogue.api.OrganizationDataRetentionObject
---@field object "organization.data_retention"
---@field type string
---@field meta? lualogue.Meta of a reply

--- `GET /organization/data_retention`.
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.OrganizationDataRetentionObject? reply the server's own
---@return lualogue.Error? err
function resource_6:retrieve(params, options) end

---@class lualogue.api.Admin.Organization.DataRetention.UpdateParams
---@field retention_type string
---@field [string] any

--- `POST /organization/data_retention`.
---@param params? lualogue.api.Admin.Organization.DataRetention.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.OrganizationDataRetentionObject? reply the server's own
---@return lualogue.Error? err
function resource_6:update(params, options) end

---@class lualogue.api.Admin.Organization.Groups
---@field roles lualogue.api.Admin.Organization.Groups.Roles
---@field users lualogue.api.Admin.Organization.Groups.Users
local resource_7 = {}

---@class lualogue.api.Admin.Organization.Groups.CreateParams
---@field name string
---@field [string] any

---@class lualogue.api.GroupResponseObject
---@field created_at integer
---@field group_type "group"|"tenant_group"
---@field id string
---@field is_scim_managed boolean
---@field name string
---@field meta? lualogue.Meta of a reply

--- `POST /organization/groups`.
---@param params? lualogue.api.Admin.Organization.Groups.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.GroupResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_7:create(params, options) end

---@class lualogue.api.GroupDeletedResourceObject
---@field deleted boolean
---@field id string
---@field object "group.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /organization/groups/{group_id}`.
---@param group_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.GroupDeletedResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_7:delete(group_id, params, options) end

---@class lualogue.api.Admin.Organization.Groups.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /organization/groups`.
---@param params? lualogue.api.Admin.Organization.Groups.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.GroupResponseObject
function resource_7:list(params, options) end

--- `GET /organization/groups/{group_id}`.
---@param group_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.GroupResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_7:retrieve(group_id, params, options) end

---@class lualogue.api.Admin.Organization.Groups.UpdateParams
---@field name string
---@field [string] any

---@class lualogue.api.GroupResourceWithSuccessObject
---@field created_at integer
---@field id string
---@field is_scim_managed boolean
---@field name string
---@field meta? lualogue.Meta of a reply

--- `POST /organization/groups/{group_id}`.
---@param group_id string
---@param params? lualogue.api.Admin.Organization.Groups.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.GroupResourceWithSuccessObject? reply the server's own
---@return lualogue.Error? err
function resource_7:update(group_id, params, options) end

---@class lualogue.api.Admin.Organization.Groups.Roles
local resource_8 = {}

---@class lualogue.api.Admin.Organization.Groups.Roles.CreateParams
---@field role_id string
---@field [string] any

---@class lualogue.api.GroupRoleAssignmentObject
---@field group table
---@field object "group.role"
---@field role table
---@field meta? lualogue.Meta of a reply

--- `POST /organization/groups/{group_id}/roles`.
---@param group_id string
---@param params? lualogue.api.Admin.Organization.Groups.Roles.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.GroupRoleAssignmentObject? reply the server's own
---@return lualogue.Error? err
function resource_8:create(group_id, params, options) end

---@class lualogue.api.DeletedRoleAssignmentResourceObject
---@field deleted boolean
---@field object string
---@field meta? lualogue.Meta of a reply

--- `DELETE /organization/groups/{group_id}/roles/{role_id}`.
---@param group_id string
---@param role_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.DeletedRoleAssignmentResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_8:delete(group_id, role_id, params, options) end

---@class lualogue.api.Admin.Organization.Groups.Roles.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

---@class lualogue.api.AssignedRoleDetailsObject
---@field assignment_sources table[]
---@field created_at integer
---@field created_by string
---@field created_by_user_obj table
---@field description string
---@field id string
---@field metadata table
---@field name string
---@field permissions string[]
---@field predefined_role boolean
---@field resource_type string
---@field updated_at integer
---@field meta? lualogue.Meta of a reply

--- `GET /organization/groups/{group_id}/roles`.
---@param group_id string
---@param params? lualogue.api.Admin.Organization.Groups.Roles.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.AssignedRoleDetailsObject
function resource_8:list(group_id, params, options) end

--- `GET /organization/groups/{group_id}/roles/{role_id}`.
---@param group_id string
---@param role_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.AssignedRoleDetailsObject? reply the server's own
---@return lualogue.Error? err
function resource_8:retrieve(group_id, role_id, params, options) end

---@class lualogue.api.Admin.Organization.Groups.Users
local resource_9 = {}

---@class lualogue.api.Admin.Organization.Groups.Users.CreateParams
---@field user_id string
---@field [string] any

---@class lualogue.api.GroupUserAssignmentObject
---@field group_id string
---@field object "group.user"
---@field user_id string
---@field meta? lualogue.Meta of a reply

--- `POST /organization/groups/{group_id}/users`.
---@param group_id string
---@param params? lualogue.api.Admin.Organization.Groups.Users.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.GroupUserAssignmentObject? reply the server's own
---@return lualogue.Error? err
function resource_9:create(group_id, params, options) end

---@class lualogue.api.GroupUserDeletedResourceObject
---@field deleted boolean
---@field object "group.user.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /organization/groups/{group_id}/users/{user_id}`.
---@param group_id string
---@param user_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.GroupUserDeletedResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_9:delete(group_id, user_id, params, options) end

---@class lualogue.api.Admin.Organization.Groups.Users.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

---@class lualogue.api.GroupUserObject
---@field email string
---@field id string
---@field name string
---@field meta? lualogue.Meta of a reply

--- `GET /organization/groups/{group_id}/users`.
---@param group_id string
---@param params? lualogue.api.Admin.Organization.Groups.Users.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.GroupUserObject
function resource_9:list(group_id, params, options) end

---@class lualogue.api.GroupMemberUserObject
---@field email string
---@field id string
---@field is_service_account boolean
---@field name string
---@field picture string
---@field user_type "user"|"tenant_user"
---@field meta? lualogue.Meta of a reply

--- `GET /organization/groups/{group_id}/users/{user_id}`.
---@param group_id string
---@param user_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.GroupMemberUserObject? reply the server's own
---@return lualogue.Error? err
function resource_9:retrieve(group_id, user_id, params, options) end

---@class lualogue.api.Admin.Organization.Invites
local resource_10 = {}

---@class lualogue.api.Admin.Organization.Invites.CreateParams
---@field email string
---@field projects? table[]
---@field role "reader"|"owner"
---@field [string] any

---@class lualogue.api.InviteObject
---@field accepted_at? integer
---@field created_at integer
---@field email string
---@field expires_at? integer
---@field id string
---@field object "organization.invite"
---@field projects table[]
---@field role "owner"|"reader"
---@field status "accepted"|"expired"|"pending"
---@field meta? lualogue.Meta of a reply

--- `POST /organization/invites`.
---@param params? lualogue.api.Admin.Organization.Invites.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.InviteObject? reply the server's own
---@return lualogue.Error? err
function resource_10:create(params, options) end

---@class lualogue.api.InviteDeleteResponseObject
---@field deleted boolean
---@field id string
---@field object "organization.invite.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /organization/invites/{invite_id}`.
---@param invite_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.InviteDeleteResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_10:delete(invite_id, params, options) end

---@class lualogue.api.Admin.Organization.Invites.ListParams
---@field after? string
---@field limit? integer
---@field [string] any

--- `GET /organization/invites`.
---@param params? lualogue.api.Admin.Organization.Invites.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.InviteObject
function resource_10:list(params, options) end

--- `GET /organization/invites/{invite_id}`.
---@param invite_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.InviteObject? reply the server's own
---@return lualogue.Error? err
function resource_10:retrieve(invite_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects
---@field api_keys lualogue.api.Admin.Organization.Projects.ApiKeys
---@field certificates lualogue.api.Admin.Organization.Projects.Certificates
---@field data_retention lualogue.api.Admin.Organization.Projects.DataRetention
---@field groups lualogue.api.Admin.Organization.Projects.Groups
---@field hosted_tool_permissions lualogue.api.Admin.Organization.Projects.HostedToolPermissions
---@field model_permissions lualogue.api.Admin.Organization.Projects.ModelPermissions
---@field rate_limits lualogue.api.Admin.Organization.Projects.RateLimits
---@field roles lualogue.api.Admin.Organization.Projects.Roles
---@field service_accounts lualogue.api.Admin.Organization.Projects.ServiceAccounts
---@field spend_alerts lualogue.api.Admin.Organization.Projects.SpendAlerts
---@field spend_limit lualogue.api.Admin.Organization.Projects.SpendLimit
---@field users lualogue.api.Admin.Organization.Projects.Users
local resource_11 = {}

---@class lualogue.api.ProjectObject
---@field archived_at? integer
---@field created_at integer
---@field external_key_id? string
---@field id string
---@field name? string
---@field object "organization.project"
---@field residency? string
---@field status? string
---@field meta? lualogue.Meta of a reply

--- `POST /organization/projects/{project_id}/archive`.
---@param project_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectObject? reply the server's own
---@return lualogue.Error? err
function resource_11:archive(project_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.CreateParams
---@field external_key_id? string
---@field name string
---@field residency? string
---@field [string] any

--- `POST /organization/projects`.
---@param params? lualogue.api.Admin.Organization.Projects.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectObject? reply the server's own
---@return lualogue.Error? err
function resource_11:create(params, options) end

---@class lualogue.api.Admin.Organization.Projects.ListParams
---@field after? string
---@field include_archived? boolean
---@field limit? integer
---@field [string] any

--- `GET /organization/projects`.
---@param params? lualogue.api.Admin.Organization.Projects.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.ProjectObject
function resource_11:list(params, options) end

--- `GET /organization/projects/{project_id}`.
---@param project_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectObject? reply the server's own
---@return lualogue.Error? err
function resource_11:retrieve(project_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.UpdateParams
---@field external_key_id? string
---@field name? string
---@field [string] any

--- `POST /organization/projects/{project_id}`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectObject? reply the server's own
---@return lualogue.Error? err
function resource_11:update(project_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.ApiKeys
local resource_12 = {}

---@class lualogue.api.ProjectApiKeyDeleteResponseObject
---@field deleted boolean
---@field id string
---@field object "organization.project.api_key.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /organization/projects/{project_id}/api_keys/{api_key_id}`.
---@param project_id string
---@param api_key_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectApiKeyDeleteResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_12:delete(project_id, api_key_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.ApiKeys.ListParams
---@field after? string
---@field limit? integer
---@field owner_project_access? "active"|"inactive"|"any"
---@field [string] any

---@class lualogue.api.ProjectApiKeyObject
---@field created_at integer
---@field id string
---@field last_used_at integer
---@field name string
---@field object "organization.project.api_key"
---@field owner table
---@field owner_project_access "active"|"inactive"
---@field redacted_value string
---@field meta? lualogue.Meta of a reply

--- `GET /organization/projects/{project_id}/api_keys`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.ApiKeys.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.ProjectApiKeyObject
function resource_12:list(project_id, params, options) end

--- `GET /organization/projects/{project_id}/api_keys/{api_key_id}`.
---@param project_id string
---@param api_key_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectApiKeyObject? reply the server's own
---@return lualogue.Error? err
function resource_12:retrieve(project_id, api_key_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.Certificates
local resource_13 = {}

---@class lualogue.api.Admin.Organization.Projects.Certificates.ActivateParams
---@field certificate_ids string[]
---@field [string] any

---@class lualogue.api.OrganizationProjectCertificateActivationResponseObject
---@field data table[]
---@field object "organization.project.certificate.activation"
---@field meta? lualogue.Meta of a reply

--- `POST /organization/projects/{project_id}/certificates/activate`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.Certificates.ActivateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.OrganizationProjectCertificateActivationResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_13:activate(project_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.Certificates.DeactivateParams
---@field certificate_ids string[]
---@field [string] any

---@class lualogue.api.OrganizationProjectCertificateDeactivationResponseObject
---@field data table[]
---@field object "organization.project.certificate.deactivation"
---@field meta? lualogue.Meta of a reply

--- `POST /organization/projects/{project_id}/certificates/deactivate`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.Certificates.DeactivateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.OrganizationProjectCertificateDeactivationResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_13:deactivate(project_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.Certificates.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

---@class lualogue.api.OrganizationProjectCertificateObject
---@field active boolean
---@field certificate_details table
---@field created_at integer
---@field id string
---@field name string
---@field object "organization.project.certificate"
---@field meta? lualogue.Meta of a reply

--- `GET /organization/projects/{project_id}/certificates`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.Certificates.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.OrganizationProjectCertificateObject
function resource_13:list(project_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.DataRetention
local resource_14 = {}

---@class lualogue.api.ProjectDataRetentionObject
---@field object "project.data_retention"
---@field type string
---@field meta? lualogue.Meta of a reply

--- `GET /organization/projects/{project_id}/data_retention`.
---@param project_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectDataRetentionObject? reply the server's own
---@return lualogue.Error? err
function resource_14:retrieve(project_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.DataRetention.UpdateParams
---@field retention_type string
---@field [string] any

--- `POST /organization/projects/{project_id}/data_retention`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.DataRetention.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectDataRetentionObject? reply the server's own
---@return lualogue.Error? err
function resource_14:update(project_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.Groups
---@field roles lualogue.api.Admin.Organization.Projects.Groups.Roles
local resource_15 = {}

---@class lualogue.api.Admin.Organization.Projects.Groups.CreateParams
---@field group_id string
---@field role string
---@field [string] any

---@class lualogue.api.ProjectGroupObject
---@field created_at integer
---@field group_id string
---@field group_name string
---@field group_type "group"|"tenant_group"
---@field object "project.group"
---@field project_id string
---@field meta? lualogue.Meta of a reply

--- `POST /organization/projects/{project_id}/groups`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.Groups.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectGroupObject? reply the server's own
---@return lualogue.Error? err
function resource_15:create(project_id, params, options) end

---@class lualogue.api.ProjectGroupDeletedResourceObject
---@field deleted boolean
---@field object "project.group.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /organization/projects/{project_id}/groups/{group_id}`.
---@param project_id string
---@param group_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectGroupDeletedResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_15:delete(project_id, group_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.Groups.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /organization/projects/{project_id}/groups`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.Groups.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.ProjectGroupObject
function resource_15:list(project_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.Groups.RetrieveParams
---@field group_type? "group"|"tenant_group"
---@field [string] any

--- `GET /organization/projects/{project_id}/groups/{group_id}`.
---@param project_id string
---@param group_id string
---@param params? lualogue.api.Admin.Organization.Projects.Groups.RetrieveParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectGroupObject? reply the server's own
---@return lualogue.Error? err
function resource_15:retrieve(project_id, group_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.Groups.Roles
local resource_16 = {}

---@class lualogue.api.Admin.Organization.Projects.Groups.Roles.CreateParams
---@field role_id string
---@field [string] any

--- `POST /projects/{project_id}/groups/{group_id}/roles`.
---@param project_id string
---@param group_id string
---@param params? lualogue.api.Admin.Organization.Projects.Groups.Roles.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.GroupRoleAssignmentObject? reply the server's own
---@return lualogue.Error? err
function resource_16:create(project_id, group_id, params, options) end

--- `DELETE /projects/{project_id}/groups/{group_id}/roles/{role_id}`.
---@param project_id string
---@param group_id string
---@param role_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.DeletedRoleAssignmentResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_16:delete(project_id, group_id, role_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.Groups.Roles.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /projects/{project_id}/groups/{group_id}/roles`.
---@param project_id string
---@param group_id string
---@param params? lualogue.api.Admin.Organization.Projects.Groups.Roles.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.AssignedRoleDetailsObject
function resource_16:list(project_id, group_id, params, options) end

--- `GET /projects/{project_id}/groups/{group_id}/roles/{role_id}`.
---@param project_id string
---@param group_id string
---@param role_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.AssignedRoleDetailsObject? reply the server's own
---@return lualogue.Error? err
function resource_16:retrieve(project_id, group_id, role_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.HostedToolPermissions
local resource_17 = {}

---@class lualogue.api.ProjectHostedToolPermissionsObject
---@field code_interpreter table
---@field file_search table
---@field image_generation table
---@field mcp table
---@field web_search table
---@field meta? lualogue.Meta of a reply

--- `GET /organization/projects/{project_id}/hosted_tool_permissions`.
---@param project_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectHostedToolPermissionsObject? reply the server's own
---@return lualogue.Error? err
function resource_17:retrieve(project_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.HostedToolPermissions.UpdateParams
---@field code_interpreter? table
---@field file_search? table
---@field image_generation? table
---@field mcp? table
---@field web_search? table
---@field [string] any

--- `POST /organization/projects/{project_id}/hosted_tool_permissions`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.HostedToolPermissions.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectHostedToolPermissionsObject? reply the server's own
---@return lualogue.Error? err
function resource_17:update(project_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.ModelPermissions
local resource_18 = {}

---@class lualogue.api.ProjectModelPermissionsDeleteResponseObject
---@field deleted boolean
---@field object "project.model_permissions.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /organization/projects/{project_id}/model_permissions`.
---@param project_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectModelPermissionsDeleteResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_18:delete(project_id, params, options) end

---@class lualogue.api.ProjectModelPermissionsObject
---@field mode "allow_list"|"deny_list"
---@field model_ids string[]
---@field object "project.model_permissions"
---@field meta? lualogue.Meta of a reply

--- `GET /organization/projects/{project_id}/model_permissions`.
---@param project_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectModelPermissionsObject? reply the server's own
---@return lualogue.Error? err
function resource_18:retrieve(project_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.ModelPermissions.UpdateParams
---@field mode "allow_list"|"deny_list"
---@field model_ids string[]
---@field [string] any

--- `POST /organization/projects/{project_id}/model_permissions`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.ModelPermissions.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectModelPermissionsObject? reply the server's own
---@return lualogue.Error? err
function resource_18:update(project_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.RateLimits
local resource_19 = {}

---@class lualogue.api.Admin.Organization.Projects.RateLimits.ListRateLimitsParams
---@field after? string
---@field before? string
---@field limit? integer
---@field [string] any

---@class lualogue.api.ProjectRateLimitObject
---@field batch_1_day_max_input_tokens? integer
---@field id string
---@field max_audio_megabytes_per_1_minute? integer
---@field max_images_per_1_minute? integer
---@field max_requests_per_1_day? integer
---@field max_requests_per_1_minute integer
---@field max_tokens_per_1_minute integer
---@field model string
---@field object "project.rate_limit"
---@field meta? lualogue.Meta of a reply

--- `GET /organization/projects/{project_id}/rate_limits`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.RateLimits.ListRateLimitsParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.ProjectRateLimitObject
function resource_19:list_rate_limits(project_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.RateLimits.UpdateRateLimitParams
---@field batch_1_day_max_input_tokens? integer
---@field max_audio_megabytes_per_1_minute? integer
---@field max_images_per_1_minute? integer
---@field max_requests_per_1_day? integer
---@field max_requests_per_1_minute? integer
---@field max_tokens_per_1_minute? integer
---@field [string] any

--- `POST /organization/projects/{project_id}/rate_limits/{rate_limit_id}`.
---@param project_id string
---@param rate_limit_id string
---@param params? lualogue.api.Admin.Organization.Projects.RateLimits.UpdateRateLimitParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectRateLimitObject? reply the server's own
---@return lualogue.Error? err
function resource_19:update_rate_limit(project_id, rate_limit_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.Roles
local resource_20 = {}

---@class lualogue.api.Admin.Organization.Projects.Roles.CreateParams
---@field description? string
---@field permissions string[]
---@field role_name string
---@field [string] any

---@class lualogue.api.RoleObject
---@field description string
---@field id string
---@field name string
---@field object "role"
---@field permissions string[]
---@field predefined_role boolean
---@field resource_type string
---@field meta? lualogue.Meta of a reply

--- `POST /projects/{project_id}/roles`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.Roles.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.RoleObject? reply the server's own
---@return lualogue.Error? err
function resource_20:create(project_id, params, options) end

---@class lualogue.api.RoleDeletedResourceObject
---@field deleted boolean
---@field id string
---@field object "role.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /projects/{project_id}/roles/{role_id}`.
---@param project_id string
---@param role_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.RoleDeletedResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_20:delete(project_id, role_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.Roles.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /projects/{project_id}/roles`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.Roles.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.RoleObject
function resource_20:list(project_id, params, options) end

--- `GET /projects/{project_id}/roles/{role_id}`.
---@param project_id string
---@param role_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.RoleObject? reply the server's own
---@return lualogue.Error? err
function resource_20:retrieve(project_id, role_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.Roles.UpdateParams
---@field description? string
---@field permissions? string[]
---@field role_name? string
---@field [string] any

--- `POST /projects/{project_id}/roles/{role_id}`.
---@param project_id string
---@param role_id string
---@param params? lualogue.api.Admin.Organization.Projects.Roles.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.RoleObject? reply the server's own
---@return lualogue.Error? err
function resource_20:update(project_id, role_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.ServiceAccounts
---@field api_keys lualogue.api.Admin.Organization.Projects.ServiceAccounts.ApiKeys
local resource_21 = {}

---@class lualogue.api.Admin.Organization.Projects.ServiceAccounts.CreateParams
---@field create_service_account_only? boolean
---@field name string
---@field [string] any

---@class lualogue.api.ProjectServiceAccountCreateResponseObject
---@field api_key table
---@field created_at integer
---@field id string
---@field name string
---@field object "organization.project.service_account"
---@field role "member"|"none"
---@field meta? lualogue.Meta of a reply

--- `POST /organization/projects/{project_id}/service_accounts`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.ServiceAccounts.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectServiceAccountCreateResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_21:create(project_id, params, options) end

---@class lualogue.api.ProjectServiceAccountDeleteResponseObject
---@field deleted boolean
---@field id string
---@field object "organization.project.service_account.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /organization/projects/{project_id}/service_accounts/{service_account_id}`.
---@param project_id string
---@param service_account_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectServiceAccountDeleteResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_21:delete(project_id, service_account_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.ServiceAccounts.ListParams
---@field after? string
---@field limit? integer
---@field [string] any

---@class lualogue.api.ProjectServiceAccountObject
---@field created_at integer
---@field id string
---@field name string
---@field object "organization.project.service_account"
---@field role "owner"|"member"|"none"
---@field meta? lualogue.Meta of a reply

--- `GET /organization/projects/{project_id}/service_accounts`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.ServiceAccounts.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.ProjectServiceAccountObject
function resource_21:list(project_id, params, options) end

--- `GET /organization/projects/{project_id}/service_accounts/{service_account_id}`.
---@param project_id string
---@param service_account_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectServiceAccountObject? reply the server's own
---@return lualogue.Error? err
function resource_21:retrieve(project_id, service_account_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.ServiceAccounts.UpdateParams
---@field name? string
---@field role? "member"|"owner"
---@field [string] any

--- `POST /organization/projects/{project_id}/service_accounts/{service_account_id}`.
---@param project_id string
---@param service_account_id string
---@param params? lualogue.api.Admin.Organization.Projects.ServiceAccounts.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectServiceAccountObject? reply the server's own
---@return lualogue.Error? err
function resource_21:update(project_id, service_account_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.ServiceAccounts.ApiKeys
local resource_22 = {}

---@class lualogue.api.Admin.Organization.Projects.ServiceAccounts.ApiKeys.CreateParams
---@field name? string
---@field scopes? string[]
---@field [string] any

---@class lualogue.api.ServiceAccountApiKeyBodyObject
---@field created_at integer
---@field id string
---@field name string
---@field object "organization.project.service_account.api_key"
---@field value string
---@field meta? lualogue.Meta of a reply

--- `POST /organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys`.
---@param project_id string
---@param service_account_id string
---@param params? lualogue.api.Admin.Organization.Projects.ServiceAccounts.ApiKeys.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ServiceAccountApiKeyBodyObject? reply the server's own
---@return lualogue.Error? err
function resource_22:create(project_id, service_account_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.SpendAlerts
local resource_23 = {}

---@class lualogue.api.Admin.Organization.Projects.SpendAlerts.CreateParams
---@field currency "USD"
---@field interval "month"
---@field notification_channel table
---@field threshold_amount integer
---@field [string] any

---@class lualogue.api.ProjectSpendAlertObject
---@field currency "USD"
---@field id string
---@field interval "month"
---@field notification_channel table
---@field object "project.spend_alert"
---@field threshold_amount integer
---@field meta? lualogue.Meta of a reply

--- `POST /organization/projects/{project_id}/spend_alerts`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.SpendAlerts.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectSpendAlertObject? reply the server's own
---@return lualogue.Error? err
function resource_23:create(project_id, params, options) end

---@class lualogue.api.ProjectSpendAlertDeletedResourceObject
---@field deleted boolean
---@field id string
---@field object "project.spend_alert.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /organization/projects/{project_id}/spend_alerts/{alert_id}`.
---@param project_id string
---@param alert_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectSpendAlertDeletedResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_23:delete(project_id, alert_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.SpendAlerts.ListParams
---@field after? string
---@field before? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /organization/projects/{project_id}/spend_alerts`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.SpendAlerts.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.ProjectSpendAlertObject
function resource_23:list(project_id, params, options) end

--- `GET /organization/projects/{project_id}/spend_alerts/{alert_id}`.
---@param project_id string
---@param alert_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectSpendAlertObject? reply the server's own
---@return lualogue.Error? err
function resource_23:retrieve(project_id, alert_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.SpendAlerts.UpdateParams
---@field currency "USD"
---@field interval "month"
---@field notification_channel table
---@field threshold_amount integer
---@field [string] any

--- `POST /organization/projects/{project_id}/spend_alerts/{alert_id}`.
---@param project_id string
---@param alert_id string
---@param params? lualogue.api.Admin.Organization.Projects.SpendAlerts.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectSpendAlertObject? reply the server's own
---@return lualogue.Error? err
function resource_23:update(project_id, alert_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.SpendLimit
local resource_24 = {}

---@class lualogue.api.ProjectSpendLimitDeletedResourceObject
---@field deleted boolean
---@field object "project.spend_limit.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /organization/projects/{project_id}/spend_limit`.
---@param project_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectSpendLimitDeletedResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_24:delete(project_id, params, options) end

---@class lualogue.api.ProjectSpendLimitResourceObject
---@field currency string|"USD"
---@field enforcement table
---@field interval string|"month"
---@field object "project.spend_limit"
---@field threshold_amount integer
---@field meta? lualogue.Meta of a reply

--- `GET /organization/projects/{project_id}/spend_limit`.
---@param project_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectSpendLimitResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_24:retrieve(project_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.SpendLimit.UpdateParams
---@field currency "USD"
---@field interval "month"
---@field threshold_amount integer
---@field [string] any

--- `POST /organization/projects/{project_id}/spend_limit`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.SpendLimit.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectSpendLimitResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_24:update(project_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.Users
---@field roles lualogue.api.Admin.Organization.Projects.Users.Roles
local resource_25 = {}

---@class lualogue.api.Admin.Organization.Projects.Users.CreateParams
---@field email? string
---@field role string
---@field user_id? string
---@field [string] any

---@class lualogue.api.ProjectUserObject
---@field added_at integer
---@field email? string
---@field id string
---@field name? string
---@field object "organization.project.user"
---@field role string
---@field meta? lualogue.Meta of a reply

--- `POST /organization/projects/{project_id}/users`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.Users.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectUserObject? reply the server's own
---@return lualogue.Error? err
function resource_25:create(project_id, params, options) end

---@class lualogue.api.ProjectUserDeleteResponseObject
---@field deleted boolean
---@field id string
---@field object "organization.project.user.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /organization/projects/{project_id}/users/{user_id}`.
---@param project_id string
---@param user_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectUserDeleteResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_25:delete(project_id, user_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.Users.ListParams
---@field after? string
---@field limit? integer
---@field [string] any

--- `GET /organization/projects/{project_id}/users`.
---@param project_id string
---@param params? lualogue.api.Admin.Organization.Projects.Users.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.ProjectUserObject
function resource_25:list(project_id, params, options) end

--- `GET /organization/projects/{project_id}/users/{user_id}`.
---@param project_id string
---@param user_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectUserObject? reply the server's own
---@return lualogue.Error? err
function resource_25:retrieve(project_id, user_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.Users.UpdateParams
---@field role? string
---@field [string] any

--- `POST /organization/projects/{project_id}/users/{user_id}`.
---@param project_id string
---@param user_id string
---@param params? lualogue.api.Admin.Organization.Projects.Users.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.ProjectUserObject? reply the server's own
---@return lualogue.Error? err
function resource_25:update(project_id, user_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.Users.Roles
local resource_26 = {}

---@class lualogue.api.Admin.Organization.Projects.Users.Roles.CreateParams
---@field role_id string
---@field [string] any

---@class lualogue.api.UserRoleAssignmentObject
---@field object "user.role"
---@field role table
---@field user table
---@field meta? lualogue.Meta of a reply

--- `POST /projects/{project_id}/users/{user_id}/roles`.
---@param project_id string
---@param user_id string
---@param params? lualogue.api.Admin.Organization.Projects.Users.Roles.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.UserRoleAssignmentObject? reply the server's own
---@return lualogue.Error? err
function resource_26:create(project_id, user_id, params, options) end

--- `DELETE /projects/{project_id}/users/{user_id}/roles/{role_id}`.
---@param project_id string
---@param user_id string
---@param role_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.DeletedRoleAssignmentResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_26:delete(project_id, user_id, role_id, params, options) end

---@class lualogue.api.Admin.Organization.Projects.Users.Roles.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /projects/{project_id}/users/{user_id}/roles`.
---@param project_id string
---@param user_id string
---@param params? lualogue.api.Admin.Organization.Projects.Users.Roles.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.AssignedRoleDetailsObject
function resource_26:list(project_id, user_id, params, options) end

--- `GET /projects/{project_id}/users/{user_id}/roles/{role_id}`.
---@param project_id string
---@param user_id string
---@param role_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.AssignedRoleDetailsObject? reply the server's own
---@return lualogue.Error? err
function resource_26:retrieve(project_id, user_id, role_id, params, options) end

---@class lualogue.api.Admin.Organization.Roles
local resource_27 = {}

---@class lualogue.api.Admin.Organization.Roles.CreateParams
---@field description? string
---@field permissions string[]
---@field role_name string
---@field [string] any

--- `POST /organization/roles`.
---@param params? lualogue.api.Admin.Organization.Roles.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.RoleObject? reply the server's own
---@return lualogue.Error? err
function resource_27:create(params, options) end

--- `DELETE /organization/roles/{role_id}`.
---@param role_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.RoleDeletedResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_27:delete(role_id, params, options) end

---@class lualogue.api.Admin.Organization.Roles.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /organization/roles`.
---@param params? lualogue.api.Admin.Organization.Roles.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.RoleObject
function resource_27:list(params, options) end

--- `GET /organization/roles/{role_id}`.
---@param role_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.RoleObject? reply the server's own
---@return lualogue.Error? err
function resource_27:retrieve(role_id, params, options) end

---@class lualogue.api.Admin.Organization.Roles.UpdateParams
---@field description? string
---@field permissions? string[]
---@field role_name? string
---@field [string] any

--- `POST /organization/roles/{role_id}`.
---@param role_id string
---@param params? lualogue.api.Admin.Organization.Roles.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.RoleObject? reply the server's own
---@return lualogue.Error? err
function resource_27:update(role_id, params, options) end

---@class lualogue.api.Admin.Organization.SpendAlerts
local resource_28 = {}

---@class lualogue.api.Admin.Organization.SpendAlerts.CreateParams
---@field currency "USD"
---@field interval "month"
---@field notification_channel table
---@field threshold_amount integer
---@field [string] any

---@class lualogue.api.OrganizationSpendAlertObject
---@field currency "USD"
---@field id string
---@field interval "month"
---@field notification_channel table
---@field object "organization.spend_alert"
---@field threshold_amount integer
---@field meta? lualogue.Meta of a reply

--- `POST /organization/spend_alerts`.
---@param params? lualogue.api.Admin.Organization.SpendAlerts.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.OrganizationSpendAlertObject? reply the server's own
---@return lualogue.Error? err
function resource_28:create(params, options) end

---@class lualogue.api.OrganizationSpendAlertDeletedResourceObject
---@field deleted boolean
---@field id string
---@field object "organization.spend_alert.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /organization/spend_alerts/{alert_id}`.
---@param alert_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.OrganizationSpendAlertDeletedResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_28:delete(alert_id, params, options) end

---@class lualogue.api.Admin.Organization.SpendAlerts.ListParams
---@field after? string
---@field before? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /organization/spend_alerts`.
---@param params? lualogue.api.Admin.Organization.SpendAlerts.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.OrganizationSpendAlertObject
function resource_28:list(params, options) end

--- `GET /organization/spend_alerts/{alert_id}`.
---@param alert_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.OrganizationSpendAlertObject? reply the server's own
---@return lualogue.Error? err
function resource_28:retrieve(alert_id, params, options) end

---@class lualogue.api.Admin.Organization.SpendAlerts.UpdateParams
---@field currency "USD"
---@field interval "month"
---@field notification_channel table
---@field threshold_amount integer
---@field [string] any

--- `POST /organization/spend_alerts/{alert_id}`.
---@param alert_id string
---@param params? lualogue.api.Admin.Organization.SpendAlerts.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.OrganizationSpendAlertObject? reply the server's own
---@return lualogue.Error? err
function resource_28:update(alert_id, params, options) end

---@class lualogue.api.Admin.Organization.SpendLimit
local resource_29 = {}

---@class lualogue.api.OrganizationSpendLimitDeletedResourceObject
---@field deleted boolean
---@field object "organization.spend_limit.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /organization/spend_limit`.
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.OrganizationSpendLimitDeletedResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_29:delete(params, options) end

---@class lualogue.api.OrganizationSpendLimitResourceObject
---@field currency string|"USD"
---@field enforcement table
---@field interval string|"month"
---@field object "organization.spend_limit"
---@field threshold_amount integer
---@field meta? lualogue.Meta of a reply

--- `GET /organization/spend_limit`.
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.OrganizationSpendLimitResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_29:retrieve(params, options) end

---@class lualogue.api.Admin.Organization.SpendLimit.UpdateParams
---@field currency "USD"
---@field interval "month"
---@field threshold_amount integer
---@field [string] any

--- `POST /organization/spend_limit`.
---@param params? lualogue.api.Admin.Organization.SpendLimit.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.OrganizationSpendLimitResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_29:update(params, options) end

---@class lualogue.api.Admin.Organization.Usage
local resource_30 = {}

---@class lualogue.api.Admin.Organization.Usage.AudioSpeechesParams
---@field api_key_ids? string[]
---@field bucket_width? "1m"|"1h"|"1d"
---@field end_time? integer
---@field group_by? ("project_id"|"user_id"|"api_key_id"|"model")[]
---@field limit? integer
---@field models? string[]
---@field page? string
---@field project_ids? string[]
---@field start_time integer
---@field user_ids? string[]
---@field [string] any

---@class lualogue.api.UsageTimeBucketObject
---@field end_time integer
---@field object "bucket"
---@field results table[]
---@field start_time integer
---@field meta? lualogue.Meta of a reply

--- `GET /organization/usage/audio_speeches`.
---@param params? lualogue.api.Admin.Organization.Usage.AudioSpeechesParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.UsageTimeBucketObject
function resource_30:audio_speeches(params, options) end

---@class lualogue.api.Admin.Organization.Usage.AudioTranscriptionsParams
---@field api_key_ids? string[]
---@field bucket_width? "1m"|"1h"|"1d"
---@field end_time? integer
---@field group_by? ("project_id"|"user_id"|"api_key_id"|"model")[]
---@field limit? integer
---@field models? string[]
---@field page? string
---@field project_ids? string[]
---@field start_time integer
---@field user_ids? string[]
---@field [string] any

--- `GET /organization/usage/audio_transcriptions`.
---@param params? lualogue.api.Admin.Organization.Usage.AudioTranscriptionsParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.UsageTimeBucketObject
function resource_30:audio_transcriptions(params, options) end

---@class lualogue.api.Admin.Organization.Usage.CodeInterpreterSessionsParams
---@field bucket_width? "1m"|"1h"|"1d"
---@field end_time? integer
---@field group_by? "project_id"[]
---@field limit? integer
---@field page? string
---@field project_ids? string[]
---@field start_time integer
---@field [string] any

--- `GET /organization/usage/code_interpreter_sessions`.
---@param params? lualogue.api.Admin.Organization.Usage.CodeInterpreterSessionsParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.UsageTimeBucketObject
function resource_30:code_interpreter_sessions(params, options) end

---@class lualogue.api.Admin.Organization.Usage.CompletionsParams
---@field api_key_ids? string[]
---@field batch? boolean
---@field bucket_width? "1m"|"1h"|"1d"
---@field end_time? integer
---@field group_by? string[]
---@field limit? integer
---@field models? string[]
---@field page? string
---@field project_ids? string[]
---@field start_time integer
---@field user_ids? string[]
---@field [string] any

--- `GET /organization/usage/completions`.
---@param params? lualogue.api.Admin.Organization.Usage.CompletionsParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.UsageTimeBucketObject
function resource_30:completions(params, options) end

---@class lualogue.api.Admin.Organization.Usage.CostsParams
---@field api_key_ids? string[]
---@field bucket_width? "1d"
---@field end_time? integer
---@field group_by? ("project_id"|"line_item"|"api_key_id")[]
---@field limit? integer
---@field page? string
---@field project_ids? string[]
---@field start_time integer
---@field [string] any

--- `GET /organization/costs`.
---@param params? lualogue.api.Admin.Organization.Usage.CostsParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.UsageTimeBucketObject
function resource_30:costs(params, options) end

---@class lualogue.api.Admin.Organization.Usage.EmbeddingsParams
---@field api_key_ids? string[]
---@field bucket_width? "1m"|"1h"|"1d"
---@field end_time? integer
---@field group_by? ("project_id"|"user_id"|"api_key_id"|"model")[]
---@field limit? integer
---@field models? string[]
---@field page? string
---@field project_ids? string[]
---@field start_time integer
---@field user_ids? string[]
---@field [string] any

--- `GET /organization/usage/embeddings`.
---@param params? lualogue.api.Admin.Organization.Usage.EmbeddingsParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.UsageTimeBucketObject
function resource_30:embeddings(params, options) end

---@class lualogue.api.Admin.Organization.Usage.FileSearchCallsParams
---@field api_key_ids? string[]
---@field bucket_width? "1m"|"1h"|"1d"
---@field end_time? integer
---@field group_by? ("project_id"|"user_id"|"api_key_id"|"vector_store_id")[]
---@field limit? integer
---@field page? string
---@field project_ids? string[]
---@field start_time integer
---@field user_ids? string[]
---@field vector_store_ids? string[]
---@field [string] any

--- `GET /organization/usage/file_search_calls`.
---@param params? lualogue.api.Admin.Organization.Usage.FileSearchCallsParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.UsageTimeBucketObject
function resource_30:file_search_calls(params, options) end

---@class lualogue.api.Admin.Organization.Usage.ImagesParams
---@field api_key_ids? string[]
---@field bucket_width? "1m"|"1h"|"1d"
---@field end_time? integer
---@field group_by? any[]
---@field limit? integer
---@field models? string[]
---@field page? string
---@field project_ids? string[]
---@field sizes? ("256x256"|"512x512"|"1024x1024"|"1792x1792"|"1024x1792")[]
---@field sources? ("image.generation"|"image.edit"|"image.variation")[]
---@field start_time integer
---@field user_ids? string[]
---@field [string] any

--- `GET /organization/usage/images`.
---@param params? lualogue.api.Admin.Organization.Usage.ImagesParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.UsageTimeBucketObject
function resource_30:images(params, options) end

---@class lualogue.api.Admin.Organization.Usage.ModerationsParams
---@field api_key_ids? string[]
---@field bucket_width? "1m"|"1h"|"1d"
---@field end_time? integer
---@field group_by? ("project_id"|"user_id"|"api_key_id"|"model")[]
---@field limit? integer
---@field models? string[]
---@field page? string
---@field project_ids? string[]
---@field start_time integer
---@field user_ids? string[]
---@field [string] any

--- `GET /organization/usage/moderations`.
---@param params? lualogue.api.Admin.Organization.Usage.ModerationsParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.UsageTimeBucketObject
function resource_30:moderations(params, options) end

---@class lualogue.api.Admin.Organization.Usage.VectorStoresParams
---@field bucket_width? "1m"|"1h"|"1d"
---@field end_time? integer
---@field group_by? "project_id"[]
---@field limit? integer
---@field page? string
---@field project_ids? string[]
---@field start_time integer
---@field [string] any

--- `GET /organization/usage/vector_stores`.
---@param params? lualogue.api.Admin.Organization.Usage.VectorStoresParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.UsageTimeBucketObject
function resource_30:vector_stores(params, options) end

---@class lualogue.api.Admin.Organization.Usage.WebSearchCallsParams
---@field api_key_ids? string[]
---@field bucket_width? "1m"|"1h"|"1d"
---@field context_levels? ("low"|"medium"|"high")[]
---@field end_time? integer
---@field group_by? any[]
---@field limit? integer
---@field models? string[]
---@field page? string
---@field project_ids? string[]
---@field start_time integer
---@field user_ids? string[]
---@field [string] any

--- `GET /organization/usage/web_search_calls`.
---@param params? lualogue.api.Admin.Organization.Usage.WebSearchCallsParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.UsageTimeBucketObject
function resource_30:web_search_calls(params, options) end

---@class lualogue.api.Admin.Organization.Users
---@field roles lualogue.api.Admin.Organization.Users.Roles
local resource_31 = {}

---@class lualogue.api.UserDeleteResponseObject
---@field deleted boolean
---@field id string
---@field object "organization.user.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /organization/users/{user_id}`.
---@param user_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.UserDeleteResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_31:delete(user_id, params, options) end

---@class lualogue.api.Admin.Organization.Users.ListParams
---@field after? string
---@field emails? string[]
---@field limit? integer
---@field [string] any

---@class lualogue.api.UserObject
---@field added_at integer
---@field api_key_last_used_at? integer
---@field created? integer
---@field developer_persona? string
---@field email? string
---@field id string
---@field is_default? boolean
---@field is_scale_tier_authorized_purchaser? boolean
---@field is_scim_managed? boolean
---@field is_service_account? boolean
---@field name? string
---@field object "organization.user"
---@field projects? table
---@field role? string
---@field technical_level? string
---@field user? table
---@field meta? lualogue.Meta of a reply

--- `GET /organization/users`.
---@param params? lualogue.api.Admin.Organization.Users.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.UserObject
function resource_31:list(params, options) end

--- `GET /organization/users/{user_id}`.
---@param user_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.UserObject? reply the server's own
---@return lualogue.Error? err
function resource_31:retrieve(user_id, params, options) end

---@class lualogue.api.Admin.Organization.Users.UpdateParams
---@field developer_persona? string
---@field role? string
---@field role_id? string
---@field technical_level? string
---@field [string] any

--- `POST /organization/users/{user_id}`.
---@param user_id string
---@param params? lualogue.api.Admin.Organization.Users.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.UserObject? reply the server's own
---@return lualogue.Error? err
function resource_31:update(user_id, params, options) end

---@class lualogue.api.Admin.Organization.Users.Roles
local resource_32 = {}

---@class lualogue.api.Admin.Organization.Users.Roles.CreateParams
---@field role_id string
---@field [string] any

--- `POST /organization/users/{user_id}/roles`.
---@param user_id string
---@param params? lualogue.api.Admin.Organization.Users.Roles.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.UserRoleAssignmentObject? reply the server's own
---@return lualogue.Error? err
function resource_32:create(user_id, params, options) end

--- `DELETE /organization/users/{user_id}/roles/{role_id}`.
---@param user_id string
---@param role_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.DeletedRoleAssignmentResourceObject? reply the server's own
---@return lualogue.Error? err
function resource_32:delete(user_id, role_id, params, options) end

---@class lualogue.api.Admin.Organization.Users.Roles.ListParams
---@field after? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /organization/users/{user_id}/roles`.
---@param user_id string
---@param params? lualogue.api.Admin.Organization.Users.Roles.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.AssignedRoleDetailsObject
function resource_32:list(user_id, params, options) end

--- `GET /organization/users/{user_id}/roles/{role_id}`.
---@param user_id string
---@param role_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.AssignedRoleDetailsObject? reply the server's own
---@return lualogue.Error? err
function resource_32:retrieve(user_id, role_id, params, options) end
