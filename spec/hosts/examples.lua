-- The examples of hosts, as people use them: with keys, with browsers, and by the command that
-- stands at their head.
local browser = require "spec.hosts.browser"
local fixture = require "spec.support.fixture"
local host = require "spec.hosts.host"
local program = require "spec.support.program"
local sources = require "spec.support.sources"

local quote = program.quote

-- Nothing of the person who runs this.
local CLEAN = "env -u OPENAI_API_KEY -u OPENAI_BASE_URL -u OPENAI_MODEL -u OPENAI_EMBEDDING_MODEL "

local server
setup(function() server = fixture.start() end)
teardown(function() server:stop() end)

--- A test of an example that needs these commands.
local function runs(name, needs, body)
  it(name, function()
    local reason = host.missing(needs)
    if reason then return pending(reason) end
    body()
  end)
end

--- The words in front of a command that is to talk to a script.
local function to(base_url)
  return CLEAN .. ("OPENAI_BASE_URL=%s OPENAI_MODEL=fixture OPENAI_EMBEDDING_MODEL=fixture "):format(base_url)
end

--- A streamed answer of these words; one that begins with "@" is a gate.
local function words(...)
  local list = { ... }
  for i, word in ipairs(list) do
    if word:find "^@" then list[i] = { hold = word } end
  end
  return fixture.sse(fixture.words(list))
end

--- The messages of a request behind the system's.
local function said_in(request)
  local list = {}
  for i, message in ipairs(request:json().messages) do list[i] = message.role:sub(1, 1) .. ":" .. message.content end
  return table.concat(list, "|", 2)
end

describe("examples/neovim", function()
  local COMMAND = sources.read("examples/neovim/plugin/ask.lua"):match "nvim (%-%-cmd '[^']+')"

  --- Neovim with the plugin, driven as by hand: body(editor).
  local function in_editor(front, body)
    program.with_folder(function(folder)
      local socket, text = folder .. "/socket", folder .. "/text"
      local file = assert(io.open(text, "w"))
      file:write "first\nsecond\nthird\n"
      file:close()
      local pipe = assert(io.popen(("exec timeout -k 5 60 %s %s nvim --headless --clean -n --listen %s "):format(
        front, host.paths "luajit", socket) .. COMMAND .. " " .. text .. " 2>&1 </dev/null"))
      local editor = {}
      local function remote(how, what)
        return (program.run(("nvim --server %s --remote-%s %s"):format(socket, how, quote(what))))
      end
      function editor.keys(keys) remote("send", keys) end
      function editor.lines(buffer) return remote("expr", ("join(getbufline(%s, 1, '$'), '|')"):format(buffer or "'%'")) end
      function editor.sees(wanted, buffer)
        host.wait(wanted, function() return editor.lines(buffer) == wanted end, function() return editor.lines(buffer) end)
      end
      local ok, err = pcall(function()
        host.wait("the editor", function() return remote("expr", "1") == "1" end)
        body(editor)
      end)
      editor.keys "<Esc>:qa!<CR>"
      local said = pipe:read "*a"
      pipe:close()
      if not ok then error(tostring(err) .. "\n" .. said, 0) end
    end)
  end

  runs("streams two answers at once while the editor is used", { "nvim" }, function()
    local base_url = server:script { words("One ", "two\n", "@a", "three."), words("Ein ", "@b", "zwei.") }
    in_editor(to(base_url), function(editor)
      editor.keys ":1,2Ask Why?<CR>"
      editor.sees("> Why?||One two|", 2)
      editor.keys ":1wincmd w<CR>:buffer 1<CR>:3Ask What?<CR>"
      editor.sees("> What?||Ein ", 3)
      editor.keys ":buffer 1<CR>Gotyped meanwhile<Esc>"
      editor.sees("first|second|third|typed meanwhile", 1)
      server:release(base_url, "@b")
      editor.sees("> What?||Ein zwei.||", 3)
      editor.sees("> Why?||One two|", 2)
      server:release(base_url, "@a")
      editor.sees("> Why?||One two|three.||", 2)
    end)
    local requests = server:requests(base_url)
    assert.equal("u:Why?\nfirst\nsecond", said_in(requests[1]))
    assert.equal("u:What?\nthird", said_in(requests[2]))
  end)

  runs("stops an answer, and keeps or discards what came", { "nvim" }, function()
    local base_url = server:script {
      words "One.", words("Two ", "@never"), words("Three ", "@never"), { { stall = true } }, words "Five.",
      fixture.json(400, fixture.error_body "No."), words("Seven ", "@never"),
    }
    in_editor(to(base_url), function(editor)
      local so_far = "> a||One.||"
      editor.keys ":Ask a<CR>"
      editor.sees(so_far)
      editor.keys ":Ask b<CR>"
      editor.sees(so_far .. "> b||Two ")
      editor.keys ":Ask too early<CR>" -- refused, and nothing is lost
      editor.keys "<C-c>"
      so_far = so_far .. "> b||Two  [stopped]||"
      editor.sees(so_far)
      server:wait(base_url, { left = 1 })
      editor.keys ":Ask c<CR>"
      editor.sees(so_far .. "> c||Three ")
      editor.keys "<C-x>"
      editor.sees(so_far)
      server:wait(base_url, { left = 2 })
      editor.keys "<C-c>" -- it is gone
      editor.keys ":Ask d<CR>"
      server:wait(base_url, { requests = 4 })
      editor.keys "<C-c>" -- nothing has come that could be kept
      editor.sees(so_far)
      server:wait(base_url, { left = 3 })
      editor.keys "<C-c><C-x>:Ask e<CR>" -- nothing to stop
      so_far = so_far .. "> e||Five.||"
      editor.sees(so_far)
      editor.keys ":Ask f<CR>"
      host.wait("the error", function() return editor.lines():find("No.", 1, true) end, editor.lines)
      editor.keys "<C-x>"
      editor.sees(so_far)
      editor.keys ":Ask g<CR>"
      editor.sees(so_far .. "> g||Seven ")
      editor.keys ":bwipeout!<CR>"
      server:wait(base_url, { left = 4 })
      editor.sees "first|second|third"
      assert.equal("", (editor.lines(2)))
    end)
    local requests = server:requests(base_url)
    assert.equal(7, #requests)
    assert.equal("u:a|a:One.|u:b|a:Two |u:c", said_in(requests[3]))
    assert.equal("u:a|a:One.|u:b|a:Two |u:e", said_in(requests[5]))
    assert.equal("u:a|a:One.|u:b|a:Two |u:e|a:Five.|u:g", said_in(requests[7]))
  end)

  runs("answers :checkhealth, whether or not there is a server", { "nvim" }, function()
    local models = fixture.json(200, { object = "list", data = { { id = "m", object = "model" } } })
    in_editor(to(server:script(models)), function(editor)
      editor.keys ":checkhealth ask<CR>"
      host.wait("a report", function() return editor.lines():find "OK: models: it lists 1" end, editor.lines)
      assert.truthy(editor.lines():find "OK: lua: .-with a module for Lua 5.1|")
    end)
    in_editor(to(server:refused()), function(editor)
      editor.keys ":checkhealth ask<CR>"
      host.wait("a report", function() return editor.lines():find "ERROR: connection: .-127" end, editor.lines)
    end)
  end)

  runs("starts by its command, with the offline model", { "nvim" }, function()
    in_editor(CLEAN .. "OFFLINE_DELAY_MS=5", function(editor)
      editor.keys ":%Ask I am worried about my garden.<CR>"
      host.wait("an answer", function() return editor.lines():find "^> I am worried about my garden%.||%S.+||$" end, editor.lines)
    end)
  end)
end)

describe("examples/love", function()
  local SLOWEST_MS = 250 -- far above what is measured, far below what a call that blocks costs
  local XVFB = "SDL_AUDIODRIVER=dummy timeout -k 5 60 xvfb-run -a "
  local COMMAND = sources.read("examples/love/main.lua"):match "&& (love [%w/]+)\n"

  runs("starts by its command, with the offline model, and takes a picture", { "love", "xvfb-run" }, function()
    program.with_folder(function(folder)
      local output, code = program.run(("%s SCENE_SAY=%s SCENE_SECONDS=2 SCENE_SHOT=%s/shot.png %s %s%s"):format(
        CLEAN, quote "I am worried about my garden.", folder, host.paths "luajit", XVFB, COMMAND))
      assert.equal(0, code, output)
      local frames, longest, said = output:match "\n(%d+) frames, the longest ([%d.]+) ms; she said: (%S[^\n]*)\n"
      assert.truthy(said, output)
      print(("love     %d frames, the longest %s ms"):format(frames, longest))
      assert.is_true(tonumber(frames) >= 60, output)
      assert.is_true(tonumber(longest) < SLOWEST_MS, output)
      local picture = sources.read(folder .. "/shot.png")
      assert.equal("\137PNG\r\n\26\n", picture:sub(1, 8))
      assert.equal("\0\0\2\128\0\0\1\104", picture:sub(17, 24)) -- 640 by 360
    end)
  end)

  runs("shows what comes and what is typed; Escape cuts her short", { "love", "xvfb-run" }, function()
    local base_url = server:script {
      words("Who ", "goes ", "@a", "there?"), words("The sea ", "@never"), { { stall = true } }, words "Grüß dich.",
    }
    local keys = [[
      local player = ...
      player.sees "Type something, and press Enter.|"
      player.type "Hellox" player.key "backspace"
      player.sees "Type something, and press Enter.|Hello"
      player.key "return"
      player.sees "Who goes |"
      player.type "typed meanwhile" player.key "return" -- she has not ended
      player.sees "Who goes |typed meanwhile"
      player.key "escape"
      player.sees "Who goes  ...|typed meanwhile"
      player.key "return"
      player.sees "The sea |"
      player.key "escape"
      player.sees "The sea  ...|"
      player.type "three" player.key "return"
      player.sees "..|" -- she is thinking
      player.key "escape"
      player.sees " ...|"
      player.type "four" player.key "return"
      player.sees "Grüß dich.|"
      return "over"
    ]]
    local output, code = program.run(("%s SCENE_FOLDER=%s/examples/love SCENE_KEYS=%s %s %slove spec/hosts/scene"):format(
      to(base_url), host.HERE, quote(keys), host.paths "luajit", XVFB))
    assert.equal(0, code, output)
    assert.is_nil(output:find("not seen", 1, true), output)
    assert.equal(10, select(2, output:gsub("\nseen: ", "")), output)
    server:wait(base_url, { left = 3 })
    local requests = server:requests(base_url)
    assert.equal("u:Hello", said_in(requests[1]))
    assert.equal("u:Hello|a:Who goes |u:typed meanwhile", said_in(requests[2]))
    assert.equal("u:Hello|a:Who goes |u:typed meanwhile|a:The sea |u:four", said_in(requests[4]))
  end)
end)

--- A server that is started by a command with a port of its own: body(url); it ends within a moment,
--- whatever is under way.
local function served(front, command, body)
  local port = server:refused():match ":(%d+)/" -- nobody listens there any more
  local pipe = assert(io.popen(("echo $$; exec %s %s timeout -k 5 60 %s %s 2>&1 </dev/null"):format(
    front, host.paths "luajit", command, port)))
  local pid = pipe:read "*l"
  local url = "http://127.0.0.1:" .. port
  local ok, err = pcall(function()
    host.wait("the server", function() return #sources.lines_of("curl -sf --max-time 5 " .. url .. "/") > 0 end)
    body(url)
  end)
  os.execute("kill " .. pid)
  local said = pipe:read "*a"
  pipe:close()
  if not ok then error(tostring(err) .. "\n" .. said, 0) end
  return said
end

describe("examples/nginx", function()
  local COMMAND = sources.read("examples/nginx/relay.lua"):match "&& (examples/nginx/run.sh) 8090\n"
  local function relayed(front, body) return served(front, COMMAND, body) end

  local function get(url) return table.concat(sources.lines_of("curl -sN --max-time 20 " .. quote(url)), "\n") end

  runs("starts by its command, with the offline model", { "/usr/sbin/nginx", "curl" }, function()
    relayed(CLEAN .. "OFFLINE_DELAY_MS=5", function(url)
      assert.truthy(get(url .. "/"):find('new EventSource("/chat?q="', 1, true))
      assert.equal("404", get(url .. "/relay.lua"):match "<title>(%d+)")
      local said = get(url .. "/chat?q=I+am+worried+about+my+garden.")
      assert.truthy(said:find '^data: {"text":"[^\n]+"}\n\n.*\n\nevent: done\ndata: {"finish_reason":"stop"}\n$', said)
      assert.equal("What is the question? /chat?q=...", get(url .. "/chat"))
    end)
  end)

  runs("relays to many browsers at once; one that leaves ends its stream", { "/usr/sbin/nginx", "curl" }, function()
    local N, LEAVE = 20, 10
    local base_url = server:script(words("One ", "@a", "two."))
    relayed(to(base_url), function(url)
      program.with_folder(function(folder)
        local function seen(i) return sources.read(folder .. "/" .. i) end
        local pids = sources.lines_of(("for i in $(seq %d); do curl -sN --max-time 30 %s$i >%s/$i & echo $!; done"):format(
          N, quote(url .. "/chat?q=browser"), folder))
        for i = 1, N do
          host.wait("a first word", function() return seen(i) == 'data: {"text":"One "}\n\n' end, function() return seen(i) end)
        end
        os.execute("kill " .. table.concat(pids, " ", 1, LEAVE))
        server:wait(base_url, { left = LEAVE })
        server:release(base_url, "@a")
        for i = LEAVE + 1, N do
          host.wait("the end", function() return seen(i):find "event: done\n" end, function() return seen(i) end)
          assert.equal('data: {"text":"One "}\n\ndata: {"text":"two."}\n\nevent: done\ndata: {"finish_reason":"stop"}\n\n', seen(i))
        end
        for i = 1, LEAVE do assert.equal('data: {"text":"One "}\n\n', seen(i)) end
        assert.equal(LEAVE, server:counts(base_url).left)
      end)
    end)
    local asked = {}
    for _, request in ipairs(server:requests(base_url)) do asked[request:json().messages[1].content] = true end
    for i = 1, N do assert.is_true(asked["browser" .. i]) end
  end)

  runs("ends a stream before its first byte too, and tells of a failure", { "/usr/sbin/nginx", "curl" }, function()
    local base_url = server:script { { { stall = true } }, fixture.json(400, fixture.error_body "No, secret."), words("One ", "@never") }
    local said = relayed(to(base_url), function(url)
      local pid = sources.lines_of(("curl -sN --max-time 30 '%s/chat?q=a' >/dev/null & echo $!"):format(url))[1]
      server:wait(base_url, { requests = 1 })
      os.execute("kill " .. pid)
      server:wait(base_url, { left = 1 })
      assert.equal('event: failed\ndata: {"kind":"api"}\n', get(url .. "/chat?q=b"))
      -- One is under way when nginx ends.
      os.execute(("curl -sN --max-time 30 '%s/chat?q=c' >/dev/null &"):format(url))
      server:wait(base_url, { requests = 3 })
    end)
    server:wait(base_url, { left = 2 })
    assert.truthy(said:find("No, secret.", 1, true), said)
    assert.is_nil(said:find("%[crit%]") or said:find("%[alert%]"), said)
  end)
end)

describe("examples/web", function()
  local COMMAND = sources.read("examples/web/server.lua"):match "&& (luajit [%w/.]+) 8091\n"
  local NEEDS = { "chromium", "luajit", "curl" }

  --- What stands in the page, one line for each message, and its note behind it.
  local function messages(page)
    return page:value [[Array.from(document.querySelectorAll("#messages p"), p => p.className[0] + ":" + p.innerText
      .replace(/\n/g, "|")).join("\n")]]
  end

  local function sees(page, wanted)
    host.wait(wanted, function() return messages(page) == wanted end, function() return messages(page) end)
  end

  --- The buttons that can be pressed.
  local function buttons(page)
    return page:value "Array.from(document.querySelectorAll('button:enabled'), button => button.id).join()"
  end

  local function can(page, wanted)
    host.wait(wanted, function() return buttons(page) == wanted end, function() return buttons(page) end)
  end

  local function opened(new_page, url)
    local page = new_page()
    page:go(url)
    can(page, "send,anew")
    return page
  end

  --- Press a button, once one can.
  local function press(page, id)
    host.wait(id, function() return buttons(page):find(id, 1, true) end, function() return buttons(page) end)
    page:click("#" .. id)
  end

  local function say(page, text)
    page:click "#text"
    page:type(text)
    press(page, "send")
  end

  runs("starts by its command, with the offline model", NEEDS, function()
    served(CLEAN .. "OFFLINE_DELAY_MS=5", COMMAND, function(url)
      browser.run(function(new_page)
        local page = opened(new_page, url .. "/")
        local function looks_like(pattern)
          host.wait(pattern, function() return messages(page):find(pattern) end, function() return messages(page) end)
        end
        local function tokens() return page:value "document.getElementById('tokens').value" end
        say(page, "I am worried about my garden.")
        looks_like "^u:I am worried about my garden%.\na:%u[^|]+|%d+ %+ %d+ tokens$"
        assert.equal("", page:value "document.getElementById('text').value")
        local spent = tonumber(tokens():match "^%d+ tokens in mind, (%d+) spent$")
        press(page, "retry")
        host.wait("more to be spent", function() return tonumber(tokens():match "(%d+) spent") > spent end, tokens)
        looks_like "^u:I am worried about my garden%.\na:%u[^|]+|%d+ %+ %d+ tokens$"
        page:click "#text"
        page:type "My mother grows roses."
        page:key "Enter"
        looks_like "^u:.*\na:.*\nu:My mother grows roses%.\na:%u[^|]+|%d+ %+ %d+ tokens$"
        -- The history outlives the page.
        local before = messages(page)
        page:go(url .. "/")
        sees(page, before)
        press(page, "anew")
        sees(page, "")
        assert.truthy(tokens():find "^%d+ tokens in mind, 0 spent$")
      end)
    end)
  end)

  runs("streams, stops, tries again; what a model writes is text", NEEDS, function()
    local EVIL = [[<img src=x onerror="document.title='evil'"><script>document.title='evil'</script> &amp; ]]
    local base_url = server:script {
      words("One ", "@a", "two."), words(EVIL, "@never"), words "Again.", fixture.json(400, fixture.error_body "No, secret."),
      words "At last.", { { stall = true } }, words "Hello.",
    }
    local said = served(to(base_url), COMMAND, function(url)
      browser.run(function(new_page)
        local page = opened(new_page, url .. "/")
        say(page, "a")
        sees(page, "u:a\na:One ")
        can(page, "stop")
        server:release(base_url, "@a")
        local so_far = "u:a\na:One two."
        sees(page, so_far)
        can(page, "send,retry,anew")
        say(page, "b")
        sees(page, so_far .. "\nu:b\na:" .. EVIL)
        press(page, "stop")
        sees(page, so_far .. "\nu:b\na:" .. EVIL .. "|interrupted")
        server:wait(base_url, { left = 1 })
        assert.equal(0, page:value "document.querySelectorAll('#messages img, #messages script').length")
        assert.equal("lualogue", page:value "document.title")
        press(page, "retry")
        so_far = so_far .. "\nu:b\na:Again."
        sees(page, so_far)
        say(page, "c")
        sees(page, so_far .. "\nu:c\na:api")
        can(page, "send,retry,anew")
        press(page, "retry")
        so_far = so_far .. "\nu:c\na:At last."
        sees(page, so_far)
        say(page, "d") -- stopped before anything has come: the question stays
        server:wait(base_url, { requests = 6 })
        press(page, "stop")
        sees(page, so_far .. "\nu:d")
        server:wait(base_url, { left = 2 })
        press(page, "retry")
        sees(page, so_far .. "\nu:d\na:Hello.")
      end)
    end)
    assert.truthy(said:find("No, secret.", 1, true), said)
    local requests = server:requests(base_url)
    assert.equal(7, #requests)
    assert.equal("u:a|a:One two.|u:b", said_in(requests[3]))
    assert.equal("u:a|a:One two.|u:b|a:Again.|u:c|a:At last.|u:d", said_in(requests[7]))
  end)

  runs("serves many at once; a browser that leaves ends its answer", NEEDS, function()
    local base_url = server:script {
      words("One ", "@never"), words("Two ", "@b", "three."), { { stall = true } }, words("Four ", "@never"),
    }
    served(to(base_url), COMMAND, function(url)
      browser.run(function(new_page)
        local one, two = opened(new_page, url .. "/"), opened(new_page, url .. "/")
        say(one, "a")
        sees(one, "u:a\na:One ")
        say(two, "b")
        sees(two, "u:b\na:Two ")
        one:close()
        server:wait(base_url, { left = 1 })
        server:release(base_url, "@b")
        sees(two, "u:b\na:Two three.")
        -- Before the first byte too; and a page that is loaded again has left its answer.
        say(two, "c")
        server:wait(base_url, { requests = 3 })
        two:go(url .. "/")
        sees(two, "u:b\na:Two three.\nu:c")
        server:wait(base_url, { left = 2 })
        press(two, "retry")
        sees(two, "u:b\na:Two three.\nu:c\na:Four ")
      end) -- the browser itself ends
      server:wait(base_url, { left = 3 })
    end)
    assert.equal(4, #server:requests(base_url))
  end)

  runs("refuses what its page would not send, and goes on", NEEDS, function()
    local base_url = server:script(words "Hello.")
    served(to(base_url), COMMAND, function(url)
      local NAME = "-H 'X-Talk: 0123456789abcdef'"
      local function answer(path, how)
        local lines = sources.lines_of(("curl -s --max-time 10 -w '%%{http_code}' %s %s%s"):format(how, url, path))
        return table.concat(lines, "|")
      end
      assert.equal("Which talk?|400", answer("/open", "-X POST"))
      assert.equal("Which talk?|400", answer("/open", "-X POST -H 'X-Talk: short'"))
      assert.equal("Nothing here.|404", answer("/server.lua", ""))
      assert.equal("Nothing here.|404", answer("/ask", ""))
      assert.equal("Not here.|403", answer("/open", "-d '' -H 'Host: example.com' " .. NAME))
      assert.equal("Not UTF-8.|400", answer("/ask", [[--data-binary "$(printf 'a\377')" ]] .. NAME))
      program.with_folder(function(folder)
        os.execute("head -c 65537 /dev/zero >" .. folder .. "/long")
        -- Its reply is lost where the rest of the text is still on its way.
        assert.is_nil(answer("/ask", ("--data-binary @%s/long %s"):format(folder, NAME)):find "200")
      end)
      -- A browser that leaves in the middle of its request.
      os.execute((([[bash -c 'exec 3<>/dev/tcp/127.0.0.1/%s; printf "POST /ask HTTP/1.1\r\nHost: localhost\r\nX-Talk: 0123456789abcdef\r\nContent-Length: 9\r\n\r\nhalf" >&3']]):format(
        url:match "%d+$")))
      assert.truthy(answer("/open", "-d '' " .. NAME):find '^{"messages":%[%],')
      assert.truthy(answer("/ask", "-d hello " .. NAME):find 'event: done|data: {"messages":%[.*"text":"Hello%.".*200$')
    end)
    assert.equal(1, #server:requests(base_url))
  end)
end)
