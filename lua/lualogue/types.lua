---@meta
-- luacheck: ignore 212 241
--- Types for editors: nothing here is ever loaded. This file has options, errors, what is known
--- of a reply, and embeddings; `types/chat.lua` what a chat sends, `types/reply.lua` what comes
--- back, `types/observe.lua` what is told of calls, `types/core.lua` the native module.

-- ------------------------------------------------------------------ options

--- What may be said to a client and to one call; the call wins. Times are in seconds, and
--- `false` switches a clock off.
---@class lualogue.SharedOptions: lualogue.WatchOptions
---@field connect_timeout? number|false until there is a connection, name lookup and TLS included; 5
---@field first_byte_timeout? number|false from the request sent to the answer's first byte, of a
---stream to its first event; 600, since models think
---@field idle_timeout? number|false between two bytes, while bytes are wanted, of a stream from its
---first event on; 60
---@field timeout? number|false for the whole call with its retries; 600, and off for streams and
---for files on their way
---@field headers? table<string, string|number|false> go over our own; `false` leaves one out
---@field query? table<string, lualogue.QueryValue> goes behind each URL, escaped
---@field max_retries? integer how often a failed attempt is made again; 2
---@field max_response_bytes? integer a longer body is an error of the kind `limit`; 512 MiB, and
---none for a body that goes into a file or is read as it comes
---@field http_version? "1.1"|"2" unset: 1.1; with `features.http2_by_default` plain calls take 2
---over TLS where the server has it, streams do not,
---since with 2 a stream that is not read beside a busy one makes libcurl hold megabytes for it

--- Options of `lualogue.new`. What is absent comes from the environment where a variable is named.
---@class lualogue.ClientOptions: lualogue.SharedOptions
---@field api_key? string|false|fun(): string?, any OPENAI_API_KEY, which goes to a `base_url` given
---in code only over TLS or to this machine; false: none; a function is asked before each call, in
---the coroutine of the caller; it may wait as a task does (what else it computes, or waits for in
---another way, holds up the caller), and may return `nil, why`, which is shown.
---Blanks around a key are no part of it
---@field api_key_command? lualogue.KeyCommand a program that prints the key, such as
---`{ "pass", "openai" }`; in the place of `api_key`
---@field key_header? string the header that carries the key as it is, such as "api-key" or
---"x-api-key"; unset: `Authorization: Bearer KEY`
---@field defaults? table<string, any> parameters of each call that does not name them, such as
---`{ temperature = 0 }`: of chats (`chat`, `stream`, `parse`, `run_tools`, dialogues),
---`responses.create`, `completions.create` and `embeddings`, as far as the API's description has
---them there; a name that it has nowhere goes to chats. `lualogue.null` in a call takes one away.
---What a call is about (messages, input, tools, response_format, stream …) is no default
---@field base_url? string OPENAI_BASE_URL, else https://api.openai.com/v1; may have a query
---@field dotenv? string path of a file of variables, such as ".env.local", that says what the
---environment does not; see `lualogue.dotenv`. `on_event` is warned where others may read it
---@field organization? string OPENAI_ORG_ID
---@field project? string OPENAI_PROJECT_ID
---@field model? string for the calls whose parameters name none
---@field ca_file? string CURL_CA_BUNDLE or SSL_CERT_FILE: a PEM file with the authorities to trust;
---with it, or with `ca_path`, none of the system's is trusted
---@field ca_path? string SSL_CERT_DIR: folder of such files, with OpenSSL's hashed names
---@field max_connections? integer how many there may be to its server at once: further calls wait,
---which counts for `timeout` alone; else what `lualogue.connections` says
---@field tls_min_version? "1.2"|"1.3" no older TLS is spoken; 1.2
---@field client_cert? string a PEM file that says who we are, for servers that ask
---@field client_key? string a PEM file with its key, where that is not in the same file
---@field proxy? string|false http_proxy, https_proxy or all_proxy, in either case, but not for a
---server on this machine; false: none. `http://user:password@host:port`; https, socks5 and socks5h
---(the proxy looks names up), socks4 and socks4a likewise
---@field no_proxy? string no_proxy, in either case: hosts that are reached without it, as in
---"localhost,.example.com"
---@field unix_socket? string path of a socket behind which the server is, whatever `base_url` names
---@field tls_verify? boolean false trusts anyone who answers; true
---@field cassette? string|lualogue.Cassette LUALOGUE_CASSETTE; the file whose answers are played,
---or that records them
---@field record? "none"|"once"|"new"|"all" LUALOGUE_RECORD; "once". See `lualogue.cassette`
---@field limit? lualogue.Limits|false how much is asked for at most: more has to wait
---@field log? string|lualogue.LogOptions|false a file, or its path, into which every event is
---written as a line of JSON. What goes to stderr says LUALOGUE_LOG: debug, info, warn or error

--- Options of `lualogue.cassette`.
---@class lualogue.CassetteOptions
---@field record? "none"|"once"|"new"|"all" what happens to requests that are not on it; "once"
---@field speed? number 0 plays at once (default), 1 as fast as it was, 2 twice as fast
---@field split? integer bytes of a piece; 1 plays byte by byte. Unset: the pieces that came
---@field match? fun(request: lualogue.cassette.Request, interaction: table): boolean
---whether this answer is one to this request; unset: method, path and body are equal
---@field redact? fun(value: any, path: string): any each value of the bodies, before they are
---written and compared; what it returns stands in its place, unless that is nil

--- Limits of all connections together, for `lualogue.connections`.
---@class lualogue.ConnectionLimits
---@field max? integer busy or idle; 10,000. Beyond, and while the process has hardly a descriptor
---left, a call waits until another one ends
---@field max_per_host? integer the same for one server; 10,000
---@field max_idle? integer kept open for the next call; 100; 0: none

--- All connections together: what is, and what may be.
---@class lualogue.Connections
---@field max integer
---@field max_per_host integer
---@field max_idle integer
---@field open integer how many there are, busy or idle
---@field idle integer how many of them serve no call

--- Options of one call.
---@class lualogue.CallOptions: lualogue.SharedOptions
---@field api_key? string|false another key for this call, or none
---@field raw? boolean the reply is the body's bytes, not decoded (see `meta.length_known`)
---@field stream? boolean of `client:request`: the answer is a stream of events, `lualogue.Events`;
---with `raw`, and where an operation answers with bytes, it is a `lualogue.ByteStream`
---@field to? string of `client:request`: path of the file that the answer goes into; see
---`lualogue.Saved`
---@field multipart? boolean of `client:request`: a table is sent as a form (multipart/form-data),
---as one with a `lualogue.file` in it always is

--- The reply of a call with `to`. The bytes go into a new file in the same folder (with the
--- permissions that the process's umask leaves), and that takes the name, and the place of an old
--- one, once all are there and on the disk: whatever goes wrong, nothing that is not whole has the
--- name, and nothing is left beside it but by a process that is killed. That the folder can be
--- written to is seen before the request goes out. A refusal is `nil, err`, and never in the file.
---
--- Neither `max_response_bytes` nor a `timeout` bounds it by default, nor a stream of bytes;
--- `idle_timeout` does. The writing is done on the thread of the host.
---@class lualogue.Saved
---@field path string as it was given
---@field bytes integer
---@field type? string the answer's Content-Type
---@field meta lualogue.Meta not encoded with the reply

---@alias lualogue.QueryValue
---| string|number|boolean
---| lualogue.QueryValue[] sent as name[]=…
---| table<string, lualogue.QueryValue> sent as name[key]=…

--- JSON's null, `lualogue.null`: any field of a request may be set to it.
---@alias lualogue.Null lightuserdata

-- ------------------------------------------------------------------ errors

---@alias lualogue.ErrorKind
---| "api" the server answered, and it was a refusal: by its status, or told in a reply with
---status 200 or in a stream, in whatever form; so is an answer that it ended with a
---finish_reason "error" or "abort"
---| "connection" no connection, or it broke before the answer was complete
---| "tls" the handshake or the certificate failed
---| "timeout" one of the four clocks ran out
---| "cancelled" the caller gave up: `close`, `cancel`, Ctrl-C after `interrupts(true)`
---| "truncated" a stream ended before it said that it was complete, or content came behind a
---finish_reason and then the end
---| "protocol" the server speaks something else: HTML, JSON where a stream was asked for, a
---stream where a reply was; or its answer came whole (hence not "truncated") and brings nothing,
---no finish_reason, content, reasoning or call
---| "decode" the body, or an event of a stream, is not the JSON that it claims to be; `body` has it
---| "limit" a maximum was reached; the message names it
---| "key" the `api_key` function gave no key
---| "file" a file cannot be read or written
---| "busy" a turn of the dialogue is under way
---| "policy" a function of the caller's that decides what is sent failed, or gave nonsense

---@alias lualogue.ErrorPhase
---| "request" it could not be sent at all
---| "queue" it waited for one of the connections that there may be
---| "dns" the name lookup
---| "connect" the connection
---| "proxy" the proxy refused
---| "tls" the handshake
---| "upload" the request's body is on its way
---| "first_byte" between the request and the answer
---| "headers" the head of the answer
---| "body" the body of the answer
---| "retry" the wait for the next attempt

--- What went wrong. `tostring(err)` is one readable line; the key is never in it.
---@class lualogue.Error
---@field kind lualogue.ErrorKind
---@field message string one sentence, the server's own where it sent one
---@field status? integer HTTP status, if there was an answer
---@field code? string|number of the server's error, such as "context_length_exceeded"
---@field type? string of the server's error, such as "invalid_request_error"
---@field param? string of the server's error: the parameter that it is about
---@field request_id? string the server's name for the request, for its support
---@field retry_after? number seconds that the server asks to wait
---@field attempts? integer how often the request was sent
---@field host? string of the server, with its port where the URL names one
---@field phase? lualogue.ErrorPhase where it happened
---@field body? string the answer as it came, bounded; of a stream, the event that it is about
---@field partial? lualogue.Message of a stream: what had come until then (choice 1)
---@field usage? lualogue.Usage what the server counted, where it told so with the failure or before

-- ------------------------------------------------------------------ replies in general

--- What is known of a reply besides its body.
---@class lualogue.Meta
---@field status integer HTTP status
---@field request_id? string the server's name for the request, under whatever header it came
---@field attempts integer how often the request was sent
---@field http_version? "1.0"|"1.1"|"2"|"3"
---@field reused boolean whether an open connection was used
---@field length_known boolean false: the body ended with the connection, or came compressed: that
---it is whole shows in what is in it, and over TLS in how the connection ended
---@field bytes_sent integer of the body, as it went over the wire
---@field bytes_received integer likewise
---@field timing lualogue.Timing of the last attempt
---@field elapsed? number seconds from the call to its end, retries included; nil while it goes on
---@field rate_limit lualogue.RateLimits what the server said of its limits
---@field headers table<string, string> names in lower case; equal names joined by ", "

--- Seconds from the beginning of the attempt; 0 where it never came so far.
---@class lualogue.Timing
---@field dns number until the name was looked up
---@field connect number until there was a connection
---@field tls number until the handshake was over
---@field first_byte number until the first byte of the answer
---@field total number until the end, or so far

---@class lualogue.RateLimits
---@field requests? lualogue.RateLimit
---@field tokens? lualogue.RateLimit

--- A value that is no number or duration is the header's text.
---@class lualogue.RateLimit
---@field limit? integer|string how many there are
---@field remaining? integer|string how many are left
---@field reset? number|string seconds until all are there again

-- ------------------------------------------------------------------ embeddings

--- Parameters of `client:embeddings`. Any other field is sent as it is.
---@class lualogue.EmbeddingsParams
---@field input string|string[]|integer[]|integer[][] a text, texts, tokens, or lists of tokens
---@field model? string such as "text-embedding-3-small"; else the client's
---@field dimensions? integer length of the vectors, where the model can choose
---@field encoding_format? "float"|"base64" how they travel; unset: base64 where the server is
---known to have it. Either comes back as a vector.
---@field user? string stands for your user, to detect abuse
---@field [string] any

---@class lualogue.EmbeddingsReply
---@field object "list"
---@field data lualogue.Embedding[] in the order of the input
---@field model string that answered
---@field usage? lualogue.EmbeddingsUsage
---@field meta lualogue.Meta not encoded with the reply

---@class lualogue.Embedding
---@field object "embedding"
---@field index integer position in the input, counted from 0 as the server does
---@field embedding lualogue.Vector

---@class lualogue.EmbeddingsUsage
---@field prompt_tokens integer
---@field total_tokens integer

--- A list of float32 numbers in C memory: `v[i]` from 1 to `#v`. It cannot be changed, is equal
--- (`==`) to a vector of the same numbers, and is sent as a JSON list.
---@class lualogue.Vector
---@field [integer] number
---@operator len: integer
local vector = {}

--- The sum of the products; the cosine where both are normalised, as OpenAI's are.
---@param other lualogue.Vector raises if its length differs
---@return number
function vector:dot(other) end

--- The Euclidean length.
---@return number
function vector:norm() end

--- The cosine of the angle: 1 for the same direction, 0 for no relation or a vector of zeros.
---@param other lualogue.Vector raises if its length differs
---@return number
function vector:cosine(other) end

--- The k of a list that are most similar by their cosine, the best first.
---
--- ```lua
--- for _, hit in ipairs(asked:top_k(vectors, 3)) do print(hit.score, texts[hit.index]) end
--- ```
---@param vectors lualogue.Vector[] raises if a length differs
---@param k integer at least 1
---@return lualogue.Hit[] hits at most k
function vector:top_k(vectors, k) end

--- The numbers as a plain list.
---@return number[]
function vector:totable() end

---@class lualogue.Hit
---@field index integer position in the list that was searched, counted from 1
---@field score number cosine
