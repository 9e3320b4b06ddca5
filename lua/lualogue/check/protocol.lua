--- Whether what answers keeps the protocol: an answer, a stream, an error.

local json = require "lualogue.json"
local key = require "lualogue.client.key"
local native = require "lualogue.native"
local stream = require "lualogue.stream"

local QUESTION = { { role = "user", content = "Answer with one word: yes." } }

local PATH_MEND = "Mend base_url (OPENAI_BASE_URL): it is what stands before /chat/completions in"
  .. " the server's documentation, mostly with /v1 at its end."

--- What to do about a refusal that has not to do with the protocol.
local function refused_mend(err)
  if err.status == 429 then
    if tostring(err):lower():find "quota" then
      return "The account has nothing left: see its billing page, or use another key."
    end
    return ("Too much was asked for: wait%s, or keep to a limit = { requests_per_minute = ... }.")
      :format(err.retry_after and (" %g s"):format(err.retry_after) or "")
  elseif err.kind == "timeout" then
    return "The server was reached and does not answer: see its log; a model that is being loaded"
      .. " takes its time (timeout = ...)."
  elseif err.kind == "protocol" or err.kind == "decode" then
    return "What answers there is no such API. " .. PATH_MEND
  elseif (err.status or 0) >= 500 then
    return "The server failed: see its log, or its status page."
  end
  return "See what the server says of it; err.body has all of it."
end

--- Whether a refusal is about the model.
local function is_about_model(err)
  local said = (tostring(err.code) .. " " .. tostring(err.message)):lower()
  return (err.status == 404 or err.status == 400) and said:find "model" ~= nil
end

local function model_mend(reached)
  if #reached.ids == 0 then return "Name one that the server has: model = ... in lualogue.new." end
  local shown = table.concat(reached.ids, ", ", 1, math.min(#reached.ids, 8))
  return "Name one that the server has: " .. shown .. (#reached.ids > 8 and ", ..." or ".")
end

--- Note under its name what a failed answer is about; false: nothing more can be asked.
local function note_failure(self, name, err, reached)
  if err.status == 401 or err.status == 403 then
    self:add("key", false, err, reached.key
      and "The server refuses this key: is it whole, of this server, of this project and in force?"
        .. " It comes from api_key or OPENAI_API_KEY."
      or "The server wants a key: set OPENAI_API_KEY, or api_key in lualogue.new.")
  elseif is_about_model(err) then
    self:add("model", false, err, model_mend(reached))
  elseif err.status == 404 or err.status == 405 then
    self:add(name, false, err, PATH_MEND)
  else
    self:add(name, false, err, refused_mend(err))
  end
end

local function count_of(usage)
  return type(usage) == "table" and type(usage.total_tokens) == "number" and usage.total_tokens
end

local NO_REASON = "Update the server: without a finish_reason nobody can tell an answer that was"
  .. " cut off by its length from a whole one."

local function look_at_answer(client, self, model, options, reached)
  local reply, err = client:chat({ model = model, messages = QUESTION }, options)
  if not reply then return note_failure(self, "answer", err, reached) end
  self:add("key", true, reached.key and "the server takes it" or "none is sent, and none asked for")
  self:add("model", true, tostring(reply.model or model))
  self:add("answer", true, ("%d characters in %.1f s"):format(#reply.text, reply.meta.elapsed or 0))
  local choice = reply.choices and reply.choices[1]
  local reason = type(choice) == "table" and choice.finish_reason
  self:add("finish_reason", type(reason) == "string", type(reason) == "string" and reason
    or "the answer does not say why it ended", NO_REASON)
  local n = count_of(reply.usage)
  self:add("usage", n ~= false, n and ("%s tokens"):format(tostring(n)) or "the answer does not say"
    .. " what it cost", "Update the server, or count yourself: lualogue.tokens.")
  return true
end

--- A stream read to its end: what it said of itself, and whether [DONE] was its last word.
local function read_stream(client, params, options)
  local handle
  local opened, err = key.send(client, options, function(core, given)
    handle = core:stream(params, given)
    return stream.open(handle)
  end, "POST", "/chat/completions", params)
  if not opened then return nil, err end
  local message
  message, err = opened:message()
  while type(handle) == "table" do handle = rawget(handle, "handle") end
  local done = type(handle) == "userdata" and native.core().attempts.saw_done(handle)
  return { message = message, err = err, done = done, reason = opened.finish_reason,
    usage = opened.usage }
end

local function look_at_stream(client, self, model, options, reached)
  local params = { model = model, messages = QUESTION, stream_options = { include_usage = true } }
  local got, err = read_stream(client, params, options)
  local takes_options = true
  if err and (err.status == 400 or err.status == 422) and not is_about_model(err) then
    takes_options = false
    params.stream_options = nil
    got, err = read_stream(client, params, options)
  end
  if not got then return note_failure(self, "stream", err, reached) end
  if got.err and not got.reason then
    local mend = got.err.kind == "truncated" and "The stream breaks off: something between here and"
      .. " the server (a gateway, a proxy) may cut long answers; look at its time limits."
      or refused_mend(got.err)
    self:add("stream", false, got.err, mend)
  else
    self:add("stream", type(got.reason) == "string", type(got.reason) == "string"
      and "it ends with the finish_reason " .. got.reason or "it has no finish_reason", NO_REASON)
  end
  self:add("stream_end", got.done, got.done and "[DONE]" or "the stream does not end with [DONE]",
    "Update the server, or what stands before it. lualogue takes a finish_reason as the end.")
  local n = count_of(got.usage)
  local why = takes_options and "the stream does not say what it cost, though it was asked to"
    or "the server refuses stream_options"
  self:add("stream_usage", n ~= false, n and ("%s tokens"):format(tostring(n)) or why,
    "Update the server, or count yourself: lualogue.tokens.")
end

--- The words of an error as the API has them; nil: another form.
local function words_of(body)
  local value = type(body) == "string" and json.decode(body)
  local err = type(value) == "table" and value.error
  return type(err) == "table" and type(err.message) == "string" and err.message or nil
end

--- A chat without messages is wrong everywhere, and costs nothing.
local function look_at_errors(client, self, model, options)
  local reply, err = client:request("POST", "/chat/completions", { model = model }, options)
  local mend = "Update the server. lualogue reads errors of other forms too, as far as they can be"
    .. " known as such."
  if reply then
    return self:add("errors", false, "a chat without messages is no error there", mend)
  end
  local status = err.status or 0
  if err.kind ~= "api" or status < 400 or status > 499 then
    return self:add("errors", false, "a wrong request is answered with: " .. tostring(err), mend)
  elseif not words_of(err.body) then
    return self:add("errors", false, "an error comes in another form: " .. tostring(err), mend)
  end
  self:add("errors", true, ("a wrong request is refused with %d and why"):format(status))
end

--- Ask for an answer, a stream and an error.
---@param client lualogue.Client
---@param self lualogue.CheckReport
---@param options lualogue.CheckOptions
---@param reached { ids: string[], key: boolean, err?: lualogue.Error }?
return function(client, self, options, reached)
  if not reached then return end
  local refusal = reached.err
  -- A key may be good for answers alone: 403 is for these to judge, where they are asked for.
  local status = refusal and refusal.status
  if status == 401 or status == 403 and options.chat == false then
    return note_failure(self, "answer", refusal, reached)
  end
  local model = options.model or rawget(client, "model") or reached.ids[1]
  local call = { max_retries = 0, timeout = options.timeout or 60 }
  if not model then
    self:add("model", false, "none is named, and the server lists none",
      "model = ... in lualogue.new, or client:check { model = ... }")
  elseif options.chat == false then
    self:add("model", nil, "not asked: chat = false")
  elseif look_at_answer(client, self, model, call, reached) then
    look_at_stream(client, self, model, call, reached)
  end
  local is_good = options.chat == false or self:found "answer"
  if model and is_good then look_at_errors(client, self, model, call) end
end
