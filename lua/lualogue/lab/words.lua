--- What differs between two texts, word by word.

local words = {}

local MAX_STEPS = 4e5 -- beyond, what is not common at both ends counts as replaced

--- Words and what stands between them.
local function split(text)
  local list = {}
  for blank, word in text:gmatch "(%s*)(%S*)" do
    if blank ~= "" then list[#list + 1] = blank end
    if word ~= "" then list[#list + 1] = word end
  end
  return list
end

local function add(out, kind, text)
  local last = out[#out]
  if last and last[1] == kind then
    last[2] = last[2] .. text
  else
    out[#out + 1] = { kind, text }
  end
end

--- The lengths of the longest common parts of the ends of two lists, by place.
local function lengths_of(a, b, from, a_last, b_last)
  local rows = {}
  for i = a_last + 1, from, -1 do
    local row, below = {}, rows[i + 1]
    for j = b_last + 1, from, -1 do
      if i > a_last or j > b_last then
        row[j] = 0
      elseif a[i] == b[j] then
        row[j] = below[j + 1] + 1
      else
        row[j] = math.max(below[j], row[j + 1])
      end
    end
    rows[i] = row
  end
  return rows
end

--- A blank between words that differ differs with them; of each place, first what was there before.
local function joined(parts)
  local out, before, now = {}, "", ""
  local function flush()
    if before ~= "" then out[#out + 1] = { "-", before } end
    if now ~= "" then out[#out + 1] = { "+", now } end
    before, now = "", ""
  end
  for i, part in ipairs(parts) do
    local kind, text = part[1], part[2]
    local is_blank = not text:find "%S" and before ~= "" and now ~= "" and parts[i + 1]
    if kind ~= "+" and (kind == "-" or is_blank) then before = before .. text end
    if kind ~= "-" and (kind == "+" or is_blank) then now = now .. text end
    if kind == "=" and not is_blank then
      flush()
      out[#out + 1] = part
    end
  end
  flush()
  return out
end

--- The parts of two texts in their order: { "=", both }, { "-", only before }, { "+", only now }.
---@param before string
---@param now string
---@return { [1]: "="|"-"|"+", [2]: string }[]
function words.diff(before, now)
  local a, b, out = split(before), split(now), {}
  local from, a_last, b_last = 1, #a, #b
  while from <= a_last and from <= b_last and a[from] == b[from] do
    add(out, "=", a[from])
    from = from + 1
  end
  while a_last >= from and b_last >= from and a[a_last] == b[b_last] do
    a_last, b_last = a_last - 1, b_last - 1
  end
  local i, j = from, from
  if (a_last - from + 2) * (b_last - from + 2) <= MAX_STEPS then
    local lengths = lengths_of(a, b, from, a_last, b_last)
    while i <= a_last and j <= b_last do
      if a[i] == b[j] then
        add(out, "=", a[i])
        i, j = i + 1, j + 1
      elseif lengths[i + 1][j] >= lengths[i][j + 1] then
        add(out, "-", a[i])
        i = i + 1
      else
        add(out, "+", b[j])
        j = j + 1
      end
    end
  end
  for k = i, a_last do add(out, "-", a[k]) end
  for k = j, b_last do add(out, "+", b[k]) end
  for k = a_last + 1, #a do add(out, "=", a[k]) end
  return joined(out)
end

return words
