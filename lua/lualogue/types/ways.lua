---@meta
-- luacheck: ignore 212 241
--- Types for editors, of the ways in: where keys come from, and webhooks.

--- A program and its arguments. It is run without a shell when the first call needs a key, with
--- nothing on its standard input; the first line that it prints is the key, which is kept until the
--- server refuses it with 401: then it is run once more, and the call made again. In a task the
--- others go on meanwhile; elsewhere it blocks, as any call does. A failure is an error of the kind
--- `key` with the first line of what it said on its standard error.
---@class lualogue.KeyCommand: string[]
---@field timeout? number seconds that it may take; 60

--- Options of `lualogue.webhook.verify`.
---@class lualogue.WebhookOptions
---@field tolerance? number seconds that its time may differ from ours, before or after; 300
---@field now? number our time, as `os.time` gives it; for tests

--- What a webhook brings.
---@class lualogue.WebhookEvent
---@field id string of the event
---@field object "event"
---@field created_at integer
---@field type string such as "response.completed", "batch.failed", "fine_tuning.job.succeeded"
---@field data table with the `id` of what it is about

--- Options of `lualogue.azure`: those of `lualogue.new` but for `base_url`, and these.
---@class lualogue.AzureOptions: lualogue.ClientOptions
---@field resource? string of `https://RESOURCE.openai.azure.com`
---@field endpoint? string AZURE_OPENAI_ENDPOINT: the whole of that, in the place of `resource`
---@field deployment? string that is asked; unset: the `model` of the call or of the client
---@field api_version? string|false OPENAI_API_VERSION, such as "2024-10-21": the older style of
---URLs; false or unset: that of `/openai/v1`
---@field api_key? string|false|fun(): string?, any AZURE_OPENAI_API_KEY, as the header `api-key`
---@field ad_token? string|fun(): string?, any AZURE_OPENAI_AD_TOKEN: a token of Entra, as Bearer
