--- Tools: functions that the model may call. What others may use of this room: sets of declared
--- tools, rounds of calls, and the loop without a dialogue.

local declare = require "lualogue.tools.declare"
local loop = require "lualogue.tools.loop"
local pieces = require "lualogue.tools.pieces"
local round = require "lualogue.tools.round"

local tools = {}

--- See tools/declare.lua.
tools.empty = declare.empty
--- See tools/declare.lua.
tools.tool = declare.tool
--- See tools/declare.lua.
tools.with = declare.with
--- See tools/round.lua.
tools.normal = round.normal
--- See tools/round.lua.
tools.round = round.run
--- See tools/round.lua.
tools.messages = round.messages
--- See tools/loop.lua.
tools.is_forced = loop.is_forced
--- See tools/loop.lua.
tools.definitions = loop.definitions
--- See tools/loop.lua.
tools.run = loop.with
--- See tools/pieces.lua.
tools.pieces = pieces.new

return tools
