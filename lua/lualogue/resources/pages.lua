--- The items of a list that the server gives in pages.

local errors = require "lualogue.errors"
local misuse = require "lualogue.misuse"
local native = require "lualogue.native"

local pages = {}

--- The items of a list, page by page: each page is a request, made when it is needed. Called
--- (`for item in client.files:list() do`) it gives the next item and raises the error object if a
--- page cannot be had; `next` returns it instead.
---@class lualogue.Pages
---@field private ask fun(cursor: any): table?, lualogue.Error?
---@field private parameter string|true what the next page is asked for with; true: there is one
---@field private items any[] of the page that is being read
---@field private at integer how many of them were given
---@field private cursor any of the next page
---@field private over boolean
---@field private err? lualogue.Error
---@operator call: any
local methods = {}

local metatable = {
  __name = "lualogue.pages",
  __index = methods,
  __call = function(self) return errors.raise_at_end(self:next()) end,
}

local function check(self, method)
  if getmetatable(self) ~= metatable then misuse.colon("pages", method) end
end

--- What the page behind this one is asked for with; nil if there is none.
local function cursor_behind(self, reply, items)
  if self.parameter == true or reply.has_more == false or #items == 0 then return nil end
  if self.parameter == "page" then return reply.next_page end
  local last = items[#items]
  return reply.next or reply.last_id or (type(last) == "table" and last.id or nil)
end

local function end_with(self, err)
  self.over, self.err, self.items, self.at = true, err, {}, 0
  return nil, err
end

--- The next page as the server sent it, whether or not all items of the one before were taken.
---
--- ```lua
--- local page, err = client.files:list({ limit = 100 }):page()
--- if page then print(#page.data, page.has_more, page.meta.request_id) end
--- ```
---@return table? reply nil behind the last page
---@return lualogue.Error? err
function methods:page()
  check(self, "page")
  if self.over then return nil, self.err end
  local reply, err = self.ask(self.cursor)
  if not reply then return end_with(self, err) end
  local items = type(reply) == "table" and reply.data
  if type(items) ~= "table" then
    local message = "a list came without its data"
    return end_with(self, native.core().error { kind = "protocol", message = message })
  end
  local cursor = cursor_behind(self, reply, items)
  if cursor ~= nil and cursor == self.cursor then
    local message = "the list does not end: the server gives the same page again"
    return end_with(self, native.core().error { kind = "protocol", message = message })
  end
  self.items, self.at, self.cursor = items, 0, cursor
  self.over = cursor == nil
  return reply
end

--- The next item.
---@return any item nil at the end
---@return lualogue.Error? err
function methods:next()
  check(self, "next")
  while self.at >= #self.items do
    local reply, err = self:page()
    if not reply then return nil, err end
  end
  self.at = self.at + 1
  return self.items[self.at]
end

--- All items that were not taken yet.
---
--- ```lua
--- local models = lualogue.assert(client.models:list():all())
--- ```
---@return any[]? items
---@return lualogue.Error? err what came before it is lost
function methods:all()
  check(self, "all")
  local all = {}
  while true do
    local item, err = self:next()
    if err then return nil, err end
    if item == nil then return all end
    all[#all + 1] = item
  end
end

--- The pages that this asks for, one after the other.
---@param ask fun(cursor: any): table?, lualogue.Error?
---@param parameter string|true
---@return lualogue.Pages
function pages.new(ask, parameter)
  local self = { ask = ask, parameter = parameter, items = {}, at = 0, over = false }
  return setmetatable(self, metatable)
end

return pages
