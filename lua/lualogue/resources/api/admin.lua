-- Made by spec/support/operations.lua from the API's description: do not edit.
return {
  ["organization.admin_api_keys.create"] = { "POST", "/organization/admin_api_keys",
    body = "json" },
  ["organization.admin_api_keys.delete"] = { "DELETE", "/organization/admin_api_keys/{key_id}" },
  ["organization.admin_api_keys.list"] = { "GET", "/organization/admin_api_keys",
    query = "after order limit", page = "after" },
  ["organization.admin_api_keys.retrieve"] = { "GET", "/organization/admin_api_keys/{key_id}" },
  ["organization.audit_logs.list"] = { "GET", "/organization/audit_logs",
    query = "effective_at project_ids event_types actor_ids actor_emails resource_ids"
      .. " tenant_only limit after before", page = "after" },
  ["organization.certificates.activate"] = { "POST", "/organization/certificates/activate",
    body = "json" },
  ["organization.certificates.create"] = { "POST", "/organization/certificates", body = "json" },
  ["organization.certificates.deactivate"] = { "POST", "/organization/certificates/deactivate",
    body = "json" },
  ["organization.certificates.delete"] = { "DELETE", "/organization/certificates/{certificate_id}",
     },
  ["organization.certificates.list"] = { "GET", "/organization/certificates",
    query = "limit after order", page = "after" },
  ["organization.certificates.retrieve"] = { "GET", "/organization/certificates/{certificate_id}",
    query = "include" },
  ["organization.certificates.update"] = { "POST", "/organization/certificates/{certificate_id}",
    body = "json" },
  ["organization.data_retention.retrieve"] = { "GET", "/organization/data_retention" },
  ["organization.data_retention.update"] = { "POST", "/organization/data_retention",
    body = "json" },
  ["organization.groups.create"] = { "POST", "/organization/groups", body = "json" },
  ["organization.groups.delete"] = { "DELETE", "/organization/groups/{group_id}" },
  ["organization.groups.list"] = { "GET", "/organization/groups",
    query = "limit after order", page = "after" },
  ["organization.groups.retrieve"] = { "GET", "/organization/groups/{group_id}" },
  ["organization.groups.roles.create"] = { "POST", "/organization/groups/{group_id}/roles",
    body = "json" },
  ["organization.groups.roles.delete"] = {
    "DELETE", "/organization/groups/{group_id}/roles/{role_id}",
     },
  ["organization.groups.roles.list"] = { "GET", "/organization/groups/{group_id}/roles",
    query = "limit after order", page = "after" },
  ["organization.groups.roles.retrieve"] = {
    "GET", "/organization/groups/{group_id}/roles/{role_id}",
     },
  ["organization.groups.update"] = { "POST", "/organization/groups/{group_id}", body = "json" },
  ["organization.groups.users.create"] = { "POST", "/organization/groups/{group_id}/users",
    body = "json" },
  ["organization.groups.users.delete"] = {
    "DELETE", "/organization/groups/{group_id}/users/{user_id}",
     },
  ["organization.groups.users.list"] = { "GET", "/organization/groups/{group_id}/users",
    query = "limit after order", page = "after" },
  ["organization.groups.users.retrieve"] = {
    "GET", "/organization/groups/{group_id}/users/{user_id}",
     },
  ["organization.invites.create"] = { "POST", "/organization/invites", body = "json" },
  ["organization.invites.delete"] = { "DELETE", "/organization/invites/{invite_id}" },
  ["organization.invites.list"] = { "GET", "/organization/invites",
    query = "limit after", page = "after" },
  ["organization.invites.retrieve"] = { "GET", "/organization/invites/{invite_id}" },
  ["organization.projects.api_keys.delete"] = {
    "DELETE", "/organization/projects/{project_id}/api_keys/{api_key_id}",
     },
  ["organization.projects.api_keys.list"] = { "GET", "/organization/projects/{project_id}/api_keys",
    query = "limit after owner_project_access", page = "after" },
  ["organization.projects.api_keys.retrieve"] = {
    "GET", "/organization/projects/{project_id}/api_keys/{api_key_id}",
     },
  ["organization.projects.archive"] = { "POST", "/organization/projects/{project_id}/archive" },
  ["organization.projects.certificates.activate"] = {
    "POST", "/organization/projects/{project_id}/certificates/activate",
    body = "json" },
  ["organization.projects.certificates.deactivate"] = {
    "POST", "/organization/projects/{project_id}/certificates/deactivate",
    body = "json" },
  ["organization.projects.certificates.list"] = {
    "GET", "/organization/projects/{project_id}/certificates",
    query = "limit after order", page = "after" },
  ["organization.projects.create"] = { "POST", "/organization/projects", body = "json" },
  ["organization.projects.data_retention.retrieve"] = {
    "GET", "/organization/projects/{project_id}/data_retention",
     },
  ["organization.projects.data_retention.update"] = {
    "POST", "/organization/projects/{project_id}/data_retention",
    body = "json" },
  ["organization.projects.groups.create"] = { "POST", "/organization/projects/{project_id}/groups",
    body = "json" },
  ["organization.projects.groups.delete"] = {
    "DELETE", "/organization/projects/{project_id}/groups/{group_id}",
     },
  ["organization.projects.groups.list"] = { "GET", "/organization/projects/{project_id}/groups",
    query = "limit after order", page = "after" },
  ["organization.projects.groups.retrieve"] = {
    "GET", "/organization/projects/{project_id}/groups/{group_id}",
    query = "group_type" },
  ["organization.projects.groups.roles.create"] = {
    "POST", "/projects/{project_id}/groups/{group_id}/roles",
    body = "json" },
  ["organization.projects.groups.roles.delete"] = {
    "DELETE", "/projects/{project_id}/groups/{group_id}/roles/{role_id}",
     },
  ["organization.projects.groups.roles.list"] = {
    "GET", "/projects/{project_id}/groups/{group_id}/roles",
    query = "limit after order", page = "after" },
  ["organization.projects.groups.roles.retrieve"] = {
    "GET", "/projects/{project_id}/groups/{group_id}/roles/{role_id}",
     },
  ["organization.projects.hosted_tool_permissions.retrieve"] = {
    "GET", "/organization/projects/{project_id}/hosted_tool_permissions",
     },
  ["organization.projects.hosted_tool_permissions.update"] = {
    "POST", "/organization/projects/{project_id}/hosted_tool_permissions",
    body = "json" },
  ["organization.projects.list"] = { "GET", "/organization/projects",
    query = "limit after include_archived", page = "after" },
  ["organization.projects.model_permissions.delete"] = {
    "DELETE", "/organization/projects/{project_id}/model_permissions",
     },
  ["organization.projects.model_permissions.retrieve"] = {
    "GET", "/organization/projects/{project_id}/model_permissions",
     },
  ["organization.projects.model_permissions.update"] = {
    "POST", "/organization/projects/{project_id}/model_permissions",
    body = "json" },
  ["organization.projects.rate_limits.list_rate_limits"] = {
    "GET", "/organization/projects/{project_id}/rate_limits",
    query = "limit after before", page = "after" },
  ["organization.projects.rate_limits.update_rate_limit"] = {
    "POST", "/organization/projects/{project_id}/rate_limits/{rate_limit_id}",
    body = "json" },
  ["organization.projects.retrieve"] = { "GET", "/organization/projects/{project_id}" },
  ["organization.projects.roles.create"] = { "POST", "/projects/{project_id}/roles",
    body = "json" },
  ["organization.projects.roles.delete"] = { "DELETE", "/projects/{project_id}/roles/{role_id}" },
  ["organization.projects.roles.list"] = { "GET", "/projects/{project_id}/roles",
    query = "limit after order", page = "after" },
  ["organization.projects.roles.retrieve"] = { "GET", "/projects/{project_id}/roles/{role_id}" },
  ["organization.projects.roles.update"] = { "POST", "/projects/{project_id}/roles/{role_id}",
    body = "json" },
  ["organization.projects.service_accounts.api_keys.create"] = {
    "POST", "/organization/projects/{project_id}/service_accounts/{service_account_id}/api_keys",
    body = "json" },
  ["organization.projects.service_accounts.create"] = {
    "POST", "/organization/projects/{project_id}/service_accounts",
    body = "json" },
  ["organization.projects.service_accounts.delete"] = {
    "DELETE", "/organization/projects/{project_id}/service_accounts/{service_account_id}",
     },
  ["organization.projects.service_accounts.list"] = {
    "GET", "/organization/projects/{project_id}/service_accounts",
    query = "limit after", page = "after" },
  ["organization.projects.service_accounts.retrieve"] = {
    "GET", "/organization/projects/{project_id}/service_accounts/{service_account_id}",
     },
  ["organization.projects.service_accounts.update"] = {
    "POST", "/organization/projects/{project_id}/service_accounts/{service_account_id}",
    body = "json" },
  ["organization.projects.spend_alerts.create"] = {
    "POST", "/organization/projects/{project_id}/spend_alerts",
    body = "json" },
  ["organization.projects.spend_alerts.delete"] = {
    "DELETE", "/organization/projects/{project_id}/spend_alerts/{alert_id}",
     },
  ["organization.projects.spend_alerts.list"] = {
    "GET", "/organization/projects/{project_id}/spend_alerts",
    query = "limit order after before", page = "after" },
  ["organization.projects.spend_alerts.retrieve"] = {
    "GET", "/organization/projects/{project_id}/spend_alerts/{alert_id}",
     },
  ["organization.projects.spend_alerts.update"] = {
    "POST", "/organization/projects/{project_id}/spend_alerts/{alert_id}",
    body = "json" },
  ["organization.projects.spend_limit.delete"] = {
    "DELETE", "/organization/projects/{project_id}/spend_limit",
     },
  ["organization.projects.spend_limit.retrieve"] = {
    "GET", "/organization/projects/{project_id}/spend_limit",
     },
  ["organization.projects.spend_limit.update"] = {
    "POST", "/organization/projects/{project_id}/spend_limit",
    body = "json" },
  ["organization.projects.update"] = { "POST", "/organization/projects/{project_id}",
    body = "json" },
  ["organization.projects.users.create"] = { "POST", "/organization/projects/{project_id}/users",
    body = "json" },
  ["organization.projects.users.delete"] = {
    "DELETE", "/organization/projects/{project_id}/users/{user_id}",
     },
  ["organization.projects.users.list"] = { "GET", "/organization/projects/{project_id}/users",
    query = "limit after", page = "after" },
  ["organization.projects.users.retrieve"] = {
    "GET", "/organization/projects/{project_id}/users/{user_id}",
     },
  ["organization.projects.users.roles.create"] = {
    "POST", "/projects/{project_id}/users/{user_id}/roles",
    body = "json" },
  ["organization.projects.users.roles.delete"] = {
    "DELETE", "/projects/{project_id}/users/{user_id}/roles/{role_id}",
     },
  ["organization.projects.users.roles.list"] = {
    "GET", "/projects/{project_id}/users/{user_id}/roles",
    query = "limit after order", page = "after" },
  ["organization.projects.users.roles.retrieve"] = {
    "GET", "/projects/{project_id}/users/{user_id}/roles/{role_id}",
     },
  ["organization.projects.users.update"] = {
    "POST", "/organization/projects/{project_id}/users/{user_id}",
    body = "json" },
  ["organization.roles.create"] = { "POST", "/organization/roles", body = "json" },
  ["organization.roles.delete"] = { "DELETE", "/organization/roles/{role_id}" },
  ["organization.roles.list"] = { "GET", "/organization/roles",
    query = "limit after order", page = "after" },
  ["organization.roles.retrieve"] = { "GET", "/organization/roles/{role_id}" },
  ["organization.roles.update"] = { "POST", "/organization/roles/{role_id}", body = "json" },
  ["organization.spend_alerts.create"] = { "POST", "/organization/spend_alerts", body = "json" },
  ["organization.spend_alerts.delete"] = { "DELETE", "/organization/spend_alerts/{alert_id}" },
  ["organization.spend_alerts.list"] = { "GET", "/organization/spend_alerts",
    query = "limit order after before", page = "after" },
  ["organization.spend_alerts.retrieve"] = { "GET", "/organization/spend_alerts/{alert_id}" },
  ["organization.spend_alerts.update"] = { "POST", "/organization/spend_alerts/{alert_id}",
    body = "json" },
  ["organization.spend_limit.delete"] = { "DELETE", "/organization/spend_limit" },
  ["organization.spend_limit.retrieve"] = { "GET", "/organization/spend_limit" },
  ["organization.spend_limit.update"] = { "POST", "/organization/spend_limit", body = "json" },
  ["organization.usage.audio_speeches"] = { "GET", "/organization/usage/audio_speeches",
    query = "start_time end_time bucket_width project_ids user_ids api_key_ids"
      .. " models group_by limit page", page = "page" },
  ["organization.usage.audio_transcriptions"] = { "GET", "/organization/usage/audio_transcriptions",
    query = "start_time end_time bucket_width project_ids user_ids api_key_ids"
      .. " models group_by limit page", page = "page" },
  ["organization.usage.code_interpreter_sessions"] = {
    "GET", "/organization/usage/code_interpreter_sessions",
    query = "start_time end_time bucket_width project_ids group_by limit page", page = "page" },
  ["organization.usage.completions"] = { "GET", "/organization/usage/completions",
    query = "start_time end_time bucket_width project_ids user_ids api_key_ids models"
      .. " batch group_by limit page", page = "page" },
  ["organization.usage.costs"] = { "GET", "/organization/costs",
    query = "start_time end_time bucket_width project_ids"
      .. " api_key_ids group_by limit page", page = "page" },
  ["organization.usage.embeddings"] = { "GET", "/organization/usage/embeddings",
    query = "start_time end_time bucket_width project_ids user_ids api_key_ids"
      .. " models group_by limit page", page = "page" },
  ["organization.usage.file_search_calls"] = { "GET", "/organization/usage/file_search_calls",
    query = "start_time end_time bucket_width project_ids user_ids api_key_ids"
      .. " vector_store_ids group_by limit page", page = "page" },
  ["organization.usage.images"] = { "GET", "/organization/usage/images",
    query = "start_time end_time bucket_width sources sizes project_ids user_ids api_key_ids"
      .. " models group_by limit page", page = "page" },
  ["organization.usage.moderations"] = { "GET", "/organization/usage/moderations",
    query = "start_time end_time bucket_width project_ids user_ids api_key_ids"
      .. " models group_by limit page", page = "page" },
  ["organization.usage.vector_stores"] = { "GET", "/organization/usage/vector_stores",
    query = "start_time end_time bucket_width project_ids group_by limit page", page = "page" },
  ["organization.usage.web_search_calls"] = { "GET", "/organization/usage/web_search_calls",
    query = "start_time end_time bucket_width project_ids user_ids api_key_ids models"
      .. " context_levels group_by limit page", page = "page" },
  ["organization.users.delete"] = { "DELETE", "/organization/users/{user_id}" },
  ["organization.users.list"] = { "GET", "/organization/users",
    query = "limit after emails", page = "after" },
  ["organization.users.retrieve"] = { "GET", "/organization/users/{user_id}" },
  ["organization.users.roles.create"] = { "POST", "/organization/users/{user_id}/roles",
    body = "json" },
  ["organization.users.roles.delete"] = { "DELETE", "/organization/users/{user_id}/roles/{role_id}",
     },
  ["organization.users.roles.list"] = { "GET", "/organization/users/{user_id}/roles",
    query = "limit after order", page = "after" },
  ["organization.users.roles.retrieve"] = { "GET", "/organization/users/{user_id}/roles/{role_id}",
     },
  ["organization.users.update"] = { "POST", "/organization/users/{user_id}", body = "json" },
}
