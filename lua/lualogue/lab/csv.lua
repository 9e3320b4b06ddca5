--- CSV as RFC 4180 has it: what people export from tables, and what they read results with.

local csv = {}

local BOM = "\239\187\191"

--- The field that begins at `at`: its text, the byte behind it, and the lines that it spans; or nil
--- and what is wrong.
local function field(text, at)
  if text:byte(at) ~= 34 then
    local value, after = text:match('^([^,\r\n]*)()', at)
    if value:find('"', 1, true) then return nil, "a quote within a field that is not quoted" end
    return value, after, 0
  end
  local from, parts = at + 1, {}
  local close
  while true do
    close = text:find('"', from, true)
    if not close then return nil, "a quote that is not closed" end
    parts[#parts + 1] = text:sub(from, close - 1)
    if text:byte(close + 1) ~= 34 then break end
    parts[#parts + 1] = '"'
    from = close + 2
  end
  local value = table.concat(parts)
  local next_byte = text:byte(close + 1)
  if next_byte and next_byte ~= 44 and next_byte ~= 10 and next_byte ~= 13 then
    return nil, "text behind a quoted field"
  end
  return value, close + 1, select(2, value:gsub("\n", "\n"))
end

--- The records of a text, each a list of its fields with `line`. Lines end with CRLF or LF, empty
--- ones are left out; a byte order mark is no part of it.
---@param text string
---@return table[]? records
---@return string? why with the line
function csv.records(text)
  local at = text:sub(1, 3) == BOM and 4 or 1
  local records, line, record = {}, 1, { line = 1 }
  while at <= #text do
    local value, after, n_lines = field(text, at)
    if not value then return nil, ("line %d: %s"):format(line, after) end
    record[#record + 1] = value
    line, at = line + n_lines, after
    local byte = text:byte(at)
    if byte == 44 then
      at = at + 1
      if at > #text then record[#record + 1] = "" end
    else
      at = text:match("^\r?\n?()", at)
      if at == after then at = at + 1 end
      local is_empty = #record == 1 and record[1] == "" and text:byte(after - 1) ~= 34
      if not is_empty then records[#records + 1] = record end
      line = line + 1
      record = { line = line }
    end
  end
  if #record > 0 then records[#records + 1] = record end
  return records
end

--- The rows of a table with a header.
---@param text string
---@return table<string, string>[]? rows
---@return string[]|string columns in their order; or why not, with the line
function csv.rows(text)
  local records, why = csv.records(text)
  if not records then return nil, why end
  local header = table.remove(records, 1)
  if not header then return nil, "it is empty" end
  local known, rows = {}, {}
  for _, name in ipairs(header) do
    if name == "" then return nil, "line 1: a column without a name" end
    if known[name] then return nil, ("line 1: the column %s comes twice"):format(name) end
    known[name] = true
  end
  for i, record in ipairs(records) do
    if #record ~= #header then
      return nil, ("line %d: %d fields, and the header has %d"):format(
        record.line, #record, #header)
    end
    local row = {}
    for j, name in ipairs(header) do row[name] = record[j] end
    rows[i] = row
  end
  if #rows == 0 then return nil, "it has a header and no rows" end
  header.line = nil
  return rows, header
end

--- A field as it is written.
local function quoted(value, is_for_excel)
  local text = tostring(value)
  if is_for_excel and type(value) == "string" and text:find "^[=+@\t\r-]" then
    text = "'" .. text
  end
  if not text:find '[",\r\n]' and not text:find "^%s" and not text:find "%s$" then return text end
  return '"' .. text:gsub('"', '""') .. '"'
end

--- A line of a file.
---@param values any[] strings, numbers, booleans; `false` is an empty field
---@param is_for_excel? boolean what a spreadsheet takes for a formula is made text
---@return string line with CRLF
function csv.line(values, is_for_excel)
  local fields = {}
  for i, value in ipairs(values) do
    fields[i] = value == false and "" or quoted(value, is_for_excel)
  end
  if #fields == 1 and fields[1] == "" then fields[1] = '""' end -- an empty line is no record
  return table.concat(fields, ",") .. "\r\n"
end

return csv
