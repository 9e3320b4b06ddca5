-- Which capital? Two prompts for two models, each asked twice, held against what was blessed:
--
--   lualogue lab examples/lab/lab.lua --against baseline
--
-- It runs without a network: its answers, which were made up for this example, come from a
-- cassette. For real ones name models of your server, and remove the line with the cassette.
local lab = require "lualogue.lab"

return lab {
  models = { "small", "large" },
  prompts = {
    terse = "Be brief. ${question}",
    kind = { system = "You are a patient teacher.", user = "${question}" },
  },
  inputs = "cases.csv",
  repeats = 2,
  check = { lab.contains "${expect}", lab.max_words(12) },
  prices = { small = { 0.15, 0.6 }, large = { 2.5, 10 } }, -- for a million tokens: input, output
  cassette = "answers.json",
}
