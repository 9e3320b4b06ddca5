// Values that fit a schema of the description: as many properties as it has, and what a client may
// trip over: letters beyond ASCII, blanks and slashes, empty lists and objects, null.

const MAX_DEPTH = 7;

function at(api, ref) {
  return ref.replace(/^#\//, "").split("/").reduce(
    (node, part) => node[decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~")], api);
}

// `pick` says which of several alternatives is taken; `empty` that whatever may be empty is.
export function sample(api, schema, mode, depth = 0) {
  if (schema === true || schema === undefined) return "anything";
  if (schema.$ref) return sample(api, { ...at(api, schema.$ref), ...without(schema, "$ref") }, mode, depth);
  if (schema.$recursiveRef) return {};
  if ("const" in schema) return schema.const;
  if (schema.enum) return schema.enum[mode.pick % schema.enum.length] ?? schema.enum[0];
  if (schema.allOf) {
    return combine(schema.allOf.map((part) => sample(api, part, mode, depth)), schema, "allOf", api, mode, depth);
  }
  for (const word of ["oneOf", "anyOf"]) {
    if (!schema[word]) continue;
    const real = schema[word].filter((s) => s.type !== "null");
    // Nested ones in the depths do not branch any more.
    const chosen = real[mode.pick % real.length];
    return combine([sample(api, { type: schema.type, ...chosen }, mode, depth)], schema, word, api, mode, depth);
  }
  return plain(api, schema, mode, depth);
}

const without = (schema, ...words) => Object.fromEntries(Object.entries(schema).filter(([k]) => !words.includes(k)));

function combine(parts, schema, word, api, mode, depth) {
  const rest = without(schema, word, "discriminator", "description", "title", "nullable", "example", "default");
  const isObject = (v) => typeof v === "object" && v !== null && !Array.isArray(v);
  if (rest.properties || rest.allOf || rest.oneOf || rest.anyOf) parts = [sample(api, rest, mode, depth), ...parts];
  return parts.every(isObject) ? Object.assign({}, ...parts) : parts.at(-1);
}

function plain(api, schema, mode, depth) {
  let type = Array.isArray(schema.type) ? schema.type.find((t) => t !== "null") : schema.type;
  type ??= schema.properties || schema.additionalProperties || schema.required ? "object"
    : schema.items ? "array" : "string";
  if (type === "object") return object(api, schema, mode, depth);
  if (type === "array") {
    const n = schema.minItems ?? (mode.empty || depth > MAX_DEPTH ? 0 : 1);
    return Array.from({ length: n }, (_, i) => {
      const item = sample(api, schema.items, mode, depth + 1);
      return i > 0 && typeof item === "string" ? item + i : item;
    });
  }
  if (type === "boolean") return mode.pick % 2 === 0;
  if (type === "integer" || type === "number") return number(schema, type);
  return type === "null" ? null : string(schema);
}

function object(api, schema, mode, depth) {
  const out = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const needed = schema.required?.includes(name);
    if (!needed && (depth > MAX_DEPTH || (mode.empty && depth > 3))) continue;
    out[name] = name === "stream" ? false : sample(api, property, mode, depth + 1);
    if (mode.nulls && !needed && (property.nullable || property.anyOf?.some((s) => s.type === "null"))) out[name] = null;
  }
  const more = schema.additionalProperties;
  if (typeof more === "object" && !mode.empty && depth <= MAX_DEPTH) out["schlüssel 1"] = sample(api, more, mode, depth + 1);
  return out;
}

function number(schema, type) {
  let low = schema.minimum ?? (schema.exclusiveMinimum !== undefined ? schema.exclusiveMinimum + 1 : undefined);
  const high = schema.maximum ?? schema.exclusiveMaximum;
  low ??= high !== undefined ? Math.min(high, 1) : 1;
  if (type === "number" && (high === undefined || low + 0.5 < high)) return low + 0.5;
  return high !== undefined ? Math.max(low, Math.min(high, low + 1)) : low + 1;
}

function string(schema) {
  if (schema.format === "binary") return { $file: "bytes of a file\r\n--\0" };
  if (schema.format === "uri") return "https://example.com/a?b=c";
  if (schema.format === "date") return "2026-01-31";
  if (schema.pattern) return schema.pattern.includes("sha") ? "0".repeat(64) : "a1";
  let text = 'Grüße, "a/b" \\ 😀\n';
  while ([...text].length < (schema.minLength ?? 0)) text += text;
  return [...text].slice(0, schema.maxLength ?? Infinity).join("");
}
