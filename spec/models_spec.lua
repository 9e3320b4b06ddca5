local known = require "lualogue.models.known"
local models = require "lualogue.models"

local HERE = "^spec/models_spec%.lua:%d+: "

local function raised(f, ...)
  local ok, message = pcall(f, ...)
  assert.is_false(ok)
  assert.truthy(message:find(HERE), message)
  return (message:gsub(HERE, ""))
end

describe("models", function()
  after_each(function() models.set("my-model", nil) end)

  it("are found by the longest beginning, whole words alone", function()
    for name, window in pairs {
      ["gpt-4o"] = 128000, ["gpt-4o-2024-08-06"] = 128000, ["openai/gpt-4o-mini"] = 128000, ["ft:gpt-4o:acme::x"] = 128000,
      ["gpt-4"] = 8192, ["gpt-4-0613"] = 8192, ["gpt-4-turbo-2024-04-09"] = 128000, ["gpt-4.1-nano"] = 1047576,
      ["o1-mini-2024-09-12"] = 128000, ["o3-2025-04-16"] = 200000, ["gpt-5.4"] = 1050000, ["gpt-5.4-mini"] = 400000,
      ["mistral-large-latest"] = 262144, ["anthropic/claude-sonnet-4-5"] = 200000,
    } do
      assert.equal(window, models.get(name).window, name)
    end
    assert.is_nil(models.get "gpt-4.5-preview")
    assert.is_nil(models.get "gpt-4ox")
    assert.is_nil(models.get "llama3.2")
  end)

  it("have an input limit that is not the window", function()
    assert.same({ window = 400000, input = 272000, output = 128000, encoding = "o200k_base" }, models.get "gpt-5-2025-08-07")
    assert.equal(4096, models.get("gpt-4o-2024-05-13").output)
  end)

  it("never promise an answer longer than the window", function()
    for name, model in pairs(known) do
      assert.is_true((model.output or 0) <= model.window and (model.input or 0) <= model.window, name)
    end
  end)

  it("can be set, and forgotten again", function()
    models.set("my-model", { window = 8192, output = 1024 })
    assert.same({ window = 8192, output = 1024 }, models.get "my-model-7b")
    models.get("my-model").window = 1
    assert.equal(8192, models.get("my-model").window)
    models.set("my-model", nil)
    assert.is_nil(models.get "my-model")
  end)

  it("are what a server told, whatever the table says", function()
    models.learn("gpt-4o", 4096, "http://127.0.0.1:9/v1")
    local model = models.get("gpt-4o", "http://127.0.0.1:9/v1")
    assert.equal(4096, model.window)
    assert.equal(4096, model.output)
    assert.is_true(model.learned)
    assert.equal(128000, models.get("gpt-4o").window)
    models.learn("unheard-of", 2048)
    assert.same({ window = 2048, learned = true }, models.get "unheard-of")
  end)

  it("refuse nonsense at the caller's line", function()
    for _, row in ipairs {
      { "bad argument 'output' to 'set' (more than the window of 100)", models.set, "x", { window = 100, output = 200 } },
      { "bad argument 'window' to 'set' (a whole number of tokens expected)", models.set, "x", { window = 0 } },
      { "bad argument 'model' to 'set' (unknown field 'price')", models.set, "x", { price = 1 } },
      { "bad argument 'prefix' to 'set' (it is empty)", models.set, "", {} },
      { "bad argument 'name' to 'get' (string expected, got nothing)", models.get },
      { "bad argument 'window' to 'learn' (a whole number of tokens expected)", models.learn, "x", 1.5 },
    } do
      assert.equal(row[1], raised(row[2], (table.unpack or unpack)(row, 3, 5)))
    end
  end)
end)
