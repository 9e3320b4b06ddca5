--- Chromium without a window, with somebody at its mouse and keys: driven over DevTools' protocol,
--- on a pair of fifos, so that it ends with whoever holds them.

local json = require "cjson"

local program = require "spec.support.program"

local browser = {}

-- Root may not use its sandbox, and a container has little shared memory.
local COMMAND = "exec timeout -k 5 90 chromium --headless=new --no-sandbox --disable-gpu"
  .. " --disable-dev-shm-usage --disable-extensions --disable-background-networking --no-first-run"
  .. " --disable-component-update --disable-breakpad --log-level=3 --remote-debugging-pipe"
  .. " --user-data-dir=%s/profile about:blank 3<%s/to 4>%s/from >%s/said 2>&1"

---@class browser.Page
---@field private browser table
---@field private session string
local page_mt = {}
page_mt.__index = page_mt

--- Call a method of the protocol and wait for its result; events are passed over.
local function call(self, method, params, session)
  self.number = self.number + 1
  self.to:write(json.encode { id = self.number, method = method, params = params, sessionId = session }, "\0")
  self.to:flush()
  while true do
    local bytes = {}
    while bytes[#bytes] ~= "\0" do
      bytes[#bytes + 1] = self.from:read(1) or error("the browser has ended", 0)
    end
    local message = json.decode(table.concat(bytes, "", 1, #bytes - 1))
    if message.id == self.number then
      if message.error then error(method .. ": " .. message.error.message, 0) end
      return message.result
    end
  end
end

function page_mt:call(method, params) return call(self.browser, method, params, self.session) end

--- The value of an expression of the page's.
---@param code string
---@return any
function page_mt:value(code)
  local got = self:call("Runtime.evaluate", { expression = code, returnByValue = true, awaitPromise = true })
  if got.exceptionDetails then error(code .. ": " .. json.encode(got.exceptionDetails), 0) end
  return got.result.value
end

---@param url string
function page_mt:go(url) self:call("Page.navigate", { url = url }) end

--- Press and release the mouse in the middle of an element; raises where it is not to be seen, something
--- else is in front of it, or it is disabled.
---@param selector string
function page_mt:click(selector)
  self:call("Page.bringToFront") -- one behind another is deaf
  local at = self:value(([[(() => {
    const element = document.querySelector(%q), box = element.getBoundingClientRect()
    const x = box.x + box.width / 2, y = box.y + box.height / 2
    return document.elementFromPoint(x, y) === element && !element.disabled ? { x, y } : null
  })()]]):format(selector))
  if type(at) ~= "table" then error("cannot click " .. selector, 0) end
  for _, kind in ipairs { "mousePressed", "mouseReleased" } do
    self:call("Input.dispatchMouseEvent", { type = kind, x = at.x, y = at.y, button = "left", clickCount = 1 })
  end
end

--- Type a text where the keys go.
---@param text string
function page_mt:type(text) self:call("Input.insertText", { text = text }) end

--- Press a key: "Enter".
---@param key string
function page_mt:key(key)
  for _, kind in ipairs { "keyDown", "keyUp" } do
    self:call("Input.dispatchKeyEvent", { type = kind, key = key, code = key, text = kind == "keyDown" and "\r" or nil,
      windowsVirtualKeyCode = 13 })
  end
end

--- Close it, as its user does.
function page_mt:close() call(self.browser, "Target.closeTarget", { targetId = self.target }) end

--- Run `body(new_page)` with a browser, which is gone afterwards; `new_page()` opens a page.
---@param body fun(new_page: fun(): browser.Page)
function browser.run(body)
  program.with_folder(function(folder)
    os.execute(("mkfifo %s/to %s/from"):format(folder, folder))
    -- The shell opens the fifos before the browser begins: nobody waits at them in vain.
    local pipe = assert(io.popen(COMMAND:gsub("%%s", folder) .. " </dev/null", "r"))
    local self = { number = 0, to = assert(io.open(folder .. "/to", "w")), from = assert(io.open(folder .. "/from", "r")) }
    local ok, err = pcall(body, function()
      local target = call(self, "Target.createTarget", { url = "about:blank" }).targetId
      local session = call(self, "Target.attachToTarget", { targetId = target, flatten = true }).sessionId
      return setmetatable({ browser = self, target = target, session = session }, page_mt)
    end)
    if ok then ok, err = pcall(call, self, "Browser.close") end
    self.to:close()
    self.from:close()
    pipe:close() -- waits for its end
    if not ok then
      local file = assert(io.open(folder .. "/said"))
      err = tostring(err) .. "\n" .. file:read "*a"
      file:close()
      error(err, 0)
    end
  end)
end

return browser
