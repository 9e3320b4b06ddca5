---@meta
-- Made by spec/support/operations.lua from the API's description: do not edit.
-- luacheck: ignore

---@class lualogue.api.VectorStores
---@field file_batches lualogue.api.VectorStores.FileBatches
---@field files lualogue.api.VectorStores.Files
local resource_1 = {}

---@class lualogue.api.VectorStores.CreateParams
---@field chunking_strategy? table
---@field description? string
---@field expires_after? table
---@field file_ids? string[]
---@field metadata? table
---@field name? string
---@field [string] any

---@class lualogue.api.VectorStoreObjectObject
---@field created_at integer
---@field expires_after? table
---@field expires_at? integer
---@field file_counts table
---@field id string
---@field last_active_at integer
---@field metadata table
---@field name string
---@field object "vector_store"
---@field status "expired"|"in_progress"|"completed"
---@field usage_bytes integer
---@field meta? lualogue.Meta of a reply

--- `POST /vector_stores`.
---@param params? lualogue.api.VectorStores.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.VectorStoreObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_1:create(params, options) end

---@class lualogue.api.DeleteVectorStoreResponseObject
---@field deleted boolean
---@field id string
---@field object "vector_store.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /vector_stores/{vector_store_id}`.
---@param vector_store_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.DeleteVectorStoreResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_1:delete(vector_store_id, params, options) end

---@class lualogue.api.VectorStores.ListParams
---@field after? string
---@field before? string
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /vector_stores`.
---@param params? lualogue.api.VectorStores.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.VectorStoreObjectObject
function resource_1:list(params, options) end

--- `GET /vector_stores/{vector_store_id}`.
---@param vector_store_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.VectorStoreObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_1:retrieve(vector_store_id, params, options) end

---@class lualogue.api.VectorStores.SearchParams
---@field filters? table
---@field max_num_results? integer
---@field query string|string[]
---@field ranking_options? table
---@field rewrite_query? boolean
---@field [string] any

---@class lualogue.api.VectorStoreSearchResultsPageObject
---@field data table[]
---@field has_more boolean
---@field next_page string
---@field object "vector_store.search_results.page"
---@field search_query string[]
---@field meta? lualogue.Meta of a reply

--- `POST /vector_stores/{vector_store_id}/search`.
---@param vector_store_id string
---@param params? lualogue.api.VectorStores.SearchParams
---@param options? lualogue.CallOptions
---@return lualogue.api.VectorStoreSearchResultsPageObject? reply the server's own
---@return lualogue.Error? err
function resource_1:search(vector_store_id, params, options) end

---@class lualogue.api.VectorStores.UpdateParams
---@field expires_after? table
---@field metadata? table
---@field name? string
---@field [string] any

--- `POST /vector_stores/{vector_store_id}`.
---@param vector_store_id string
---@param params? lualogue.api.VectorStores.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.VectorStoreObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_1:update(vector_store_id, params, options) end

---@class lualogue.api.VectorStores.FileBatches
local resource_2 = {}

---@class lualogue.api.VectorStoreFileBatchObjectObject
---@field created_at integer
---@field file_counts table
---@field id string
---@field object "vector_store.files_batch"
---@field status "in_progress"|"completed"|"cancelled"|"failed"
---@field vector_store_id string
---@field meta? lualogue.Meta of a reply

--- `POST /vector_stores/{vector_store_id}/file_batches/{batch_id}/cancel`.
---@param vector_store_id string
---@param batch_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.VectorStoreFileBatchObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_2:cancel(vector_store_id, batch_id, params, options) end

---@class lualogue.api.VectorStores.FileBatches.CreateParams
---@field attributes? table
---@field chunking_strategy? table
---@field file_ids? string[]
---@field files? table[]
---@field [string] any

--- `POST /vector_stores/{vector_store_id}/file_batches`.
---@param vector_store_id string
---@param params? lualogue.api.VectorStores.FileBatches.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.VectorStoreFileBatchObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_2:create(vector_store_id, params, options) end

---@class lualogue.api.VectorStores.FileBatches.ListFilesParams
---@field after? string
---@field before? string
---@field filter? "in_progress"|"completed"|"failed"|"cancelled"
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

---@class lualogue.api.VectorStoreFileObjectObject
---@field attributes? table
---@field chunking_strategy? table
---@field created_at integer
---@field id string
---@field last_error table
---@field object "vector_store.file"
---@field status "in_progress"|"completed"|"cancelled"|"failed"
---@field usage_bytes integer
---@field vector_store_id string
---@field meta? lualogue.Meta of a reply

--- `GET /vector_stores/{vector_store_id}/file_batches/{batch_id}/files`.
---@param vector_store_id string
---@param batch_id string
---@param params? lualogue.api.VectorStores.FileBatches.ListFilesParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.VectorStoreFileObjectObject
function resource_2:list_files(vector_store_id, batch_id, params, options) end

--- `GET /vector_stores/{vector_store_id}/file_batches/{batch_id}`.
---@param vector_store_id string
---@param batch_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.VectorStoreFileBatchObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_2:retrieve(vector_store_id, batch_id, params, options) end

---@class lualogue.api.VectorStores.Files
local resource_3 = {}

---@class lualogue.api.VectorStoreFileContentResponseObject
---@field data table[]
---@field has_more boolean
---@field next_page string
---@field object "vector_store.file_content.page"
---@field meta? lualogue.Meta of a reply

--- `GET /vector_stores/{vector_store_id}/files/{file_id}/content`.
---@param vector_store_id string
---@param file_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.VectorStoreFileContentResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_3:content(vector_store_id, file_id, params, options) end

---@class lualogue.api.VectorStores.Files.CreateParams
---@field attributes? table
---@field chunking_strategy? table
---@field file_id string
---@field [string] any

--- `POST /vector_stores/{vector_store_id}/files`.
---@param vector_store_id string
---@param params? lualogue.api.VectorStores.Files.CreateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.VectorStoreFileObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_3:create(vector_store_id, params, options) end

---@class lualogue.api.DeleteVectorStoreFileResponseObject
---@field deleted boolean
---@field id string
---@field object "vector_store.file.deleted"
---@field meta? lualogue.Meta of a reply

--- `DELETE /vector_stores/{vector_store_id}/files/{file_id}`.
---@param vector_store_id string
---@param file_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.DeleteVectorStoreFileResponseObject? reply the server's own
---@return lualogue.Error? err
function resource_3:delete(vector_store_id, file_id, params, options) end

---@class lualogue.api.VectorStores.Files.ListParams
---@field after? string
---@field before? string
---@field filter? "in_progress"|"completed"|"failed"|"cancelled"
---@field limit? integer
---@field order? "asc"|"desc"
---@field [string] any

--- `GET /vector_stores/{vector_store_id}/files`.
---@param vector_store_id string
---@param params? lualogue.api.VectorStores.Files.ListParams
---@param options? lualogue.CallOptions
---@return lualogue.Pages pages of lualogue.api.VectorStoreFileObjectObject
function resource_3:list(vector_store_id, params, options) end

--- `GET /vector_stores/{vector_store_id}/files/{file_id}`.
---@param vector_store_id string
---@param file_id string
---@param params? table
---@param options? lualogue.CallOptions
---@return lualogue.api.VectorStoreFileObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_3:retrieve(vector_store_id, file_id, params, options) end

---@class lualogue.api.VectorStores.Files.UpdateParams
---@field attributes table
---@field [string] any

--- `POST /vector_stores/{vector_store_id}/files/{file_id}`.
---@param vector_store_id string
---@param file_id string
---@param params? lualogue.api.VectorStores.Files.UpdateParams
---@param options? lualogue.CallOptions
---@return lualogue.api.VectorStoreFileObjectObject? reply the server's own
---@return lualogue.Error? err
function resource_3:update(vector_store_id, file_id, params, options) end
