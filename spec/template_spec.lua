-- Values are put into texts as they are, or it is said which one is missing.
local template = require "lualogue.template"

describe("template.fill", function()
  local function fills(text, values, expected)
    assert.equal(expected, (template.fill(text, values)))
  end

  it("never looks at a value again", function()
    fills("Hi ${name}", { name = "${x}" }, "Hi ${x}")
    fills("Hi ${name}!", { name = "{{7*7}} <b> &amp; %1 %%" }, "Hi {{7*7}} <b> &amp; %1 %%!")
    fills("${a}${b}", { a = "$", b = "{a}" }, "${a}")
  end)

  it("names a value that is missing", function()
    local filled, name = template.fill("${a} and ${first name}", { a = 1 })
    assert.is_nil(filled)
    assert.equal("first name", name)
  end)

  it("writes ${name} where it is doubled", function()
    fills("$${name}", { name = "x" }, "${name}")
    fills("$$${name} costs $$5", { name = "x" }, "$${name} costs $$5")
    fills("a $${x} b ${x}", { x = 1 }, "a ${x} b 1")
  end)

  it("leaves what is not closed as it is, and says so", function()
    for _, text in ipairs { "Hi ${name", "Hi ${name\n}", "function() { return ${{a}" } do
      local filled, problem = template.fill(text, { name = "x" })
      assert.equal(text, filled)
      assert.matches("not closed", problem)
    end
    assert.is_nil((select(2, template.fill("Hi ${name}", { name = "x" }))))
  end)

  it("writes numbers as they are", function()
    fills("${n}", { n = 3 }, "3")
    fills("${n}", { n = "3.0" }, "3.0")
    fills("${n}", { n = 0.1 }, "0.1")
    fills("${n}", { n = 1 / 3 }, "0.33333333333333331")
    fills("${n} ${yes}", { n = -2 ^ 40, yes = false }, "-1099511627776 false")
  end)

  it("writes tables as JSON", function()
    fills("${t}", { t = { b = { 1, 2 }, a = "x" } }, '{"a":"x","b":[1,2]}')
  end)

  it("takes a text of a megabyte in its stride", function()
    local text = ("${a}-"):rep(200000)
    assert.is_true(("x-"):rep(200000) == template.fill(text, { a = "x" }))
    text = ("${"):rep(500000)
    assert.is_true(text == template.fill(text, {}))
  end)
end)

describe("template.names", function()
  it("lists each once", function()
    assert.same({ "b", "a" }, template.names "${b} ${a} ${b} $${c} ${")
  end)
end)
