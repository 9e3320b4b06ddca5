// The API's description as a judge: which operation a request is, and what is wrong with it.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";

// The validator is npm's, in a folder that `make validate` fills.
const require = createRequire(path.resolve(process.env.VALIDATE_NPM, "package.json"));
const Ajv = require("ajv/dist/2019");
const formats = require("ajv-formats");

const ID = "https://description/";
const escaped = (part) => part.replaceAll("~", "~0").replaceAll("/", "~1");
const pointer = (...parts) => ID + "#/" + parts.map((p) => encodeURIComponent(escaped(String(p)))).join("/");

// The description speaks of null as OpenAPI 3.0 did, and of itself as JSON Schema 2019 did.
function modern(node, self) {
  if (Array.isArray(node)) return node.map((item) => modern(item, self));
  if (typeof node !== "object" || node === null) return node;
  if (node.$recursiveRef) return { $ref: self };
  const { nullable, $recursiveAnchor, example, examples, ...rest } = node;
  const each = (map) => Object.fromEntries(Object.entries(map).map(([key, value]) => [key, modern(value, self)]));
  const out = each(rest);
  if (rest.properties) out.properties = each(rest.properties); // whose names may be any of these words
  if (rest.exclusiveMinimum === true) [out.exclusiveMinimum] = [rest.minimum];
  return nullable === true ? { anyOf: [out, { type: "null" }] } : out;
}

export function load(file) {
  const api = JSON.parse(readFileSync(file, "utf8"));
  const schemas = Object.fromEntries(Object.entries(api.components.schemas).map(
    ([name, schema]) => [name, modern(schema, `#/components/schemas/${name}`)]));
  const judged = { paths: modern(api.paths), components: { schemas } };
  const make = (options) => {
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true, ...options });
    formats(ajv);
    // What OpenAPI adds: numbers of a size, and bytes.
    for (const name of ["unixtime", "int64", "float", "double", "binary"]) ajv.addFormat(name, true);
    ajv.addSchema({ $id: ID, ...judged });
    return ajv;
  };
  // In a query and in a form everything is text.
  return { api, exact: make({}), text: make({ coerceTypes: true }), operations: operationsOf(api) };
}

function operationsOf(api) {
  const list = [];
  for (const [template, methods] of Object.entries(api.paths)) {
    const [bare, fixed] = template.split("?");
    for (const [method, operation] of Object.entries(methods)) {
      list.push({
        method: method.toUpperCase(), template, segments: bare.slice(1).split("/"),
        fixed: new URLSearchParams(fixed ?? ""), operation, key: method.toUpperCase() + " " + template,
        at: ["paths", template, method],
      });
    }
  }
  // Of two that fit, the one that says more.
  const weight = (o) => o.segments.filter((s) => !s.startsWith("{")).length + (o.fixed.size ? 0.5 : 0);
  return list.sort((a, b) => weight(b) - weight(a));
}

export function operationOf(description, method, target) {
  const [bare, query] = target.split("?");
  const segments = bare.replace(/^\/v1\//, "").split("/");
  const asked = new URLSearchParams(query ?? "");
  return description.operations.find((o) => o.method === method
    && o.segments.length === segments.length
    && o.segments.every((s, i) => s.startsWith("{") ? segments[i] !== "" : s === segments[i])
    && [...o.fixed].every(([k, v]) => asked.get(k) === v));
}

// What `a[]=1&a[]=2&b[c]=d` says.
function fields(pairs) {
  const out = {};
  for (const [name, value] of pairs) {
    const parts = name.replace(/\]/g, "").split("[");
    let at = out;
    parts.slice(0, -1).forEach((part, i) => {
      if (typeof at !== "object") return;
      at[part] ??= parts[i + 1] === "" || /^\d+$/.test(parts[i + 1]) ? [] : {};
      at = at[part];
    });
    // A query of somebody's own may say both a=1 and a[b]=2.
    if (typeof at !== "object") {
      out[name] = value;
      continue;
    }
    const last = parts.at(-1);
    if (Array.isArray(at)) at.push(value);
    else at[last] = value;
  }
  return out;
}

const texts = (errors) => [...new Set((errors ?? []).map((e) =>
  `${e.instancePath} ${e.message}${e.params.additionalProperty ? " " + e.params.additionalProperty : ""}`.trim()))];

function judge(ajv, at, value, where) {
  const validate = ajv.getSchema(pointer(...at)) ?? ajv.compile({ $ref: pointer(...at) });
  return validate(value) ? [] : texts(validate.errors).map((text) => `${where}: ${text}`);
}

function formOf(request, types) {
  const boundary = /boundary="?([^";]+)/.exec(request.headers["content-type"])?.[1];
  const parts = request.body.split("--" + boundary);
  if (boundary === undefined || parts.length < 3 || !parts.at(-1).startsWith("--")) return null;
  return fields(parts.slice(1, -1).map((part) => {
    const end = part.indexOf("\r\n\r\n");
    const head = part.slice(0, end);
    const utf8 = (bytes) => Buffer.from(bytes, "latin1").toString("utf8");
    const text = utf8(part.slice(end + 4, -2));
    const [, name] = /; name="([^"]*)"/.exec(head);
    types[name] = /content-type: *(\S+)/i.exec(head)?.[1];
    return [utf8(name), types[name] === "application/json" ? JSON.parse(text) : text];
  }));
}

// { faults, fields }: what is wrong with a request to this operation, and what it says.
export function check(description, o, request) {
  const faults = [], said = {};
  const [bare, query] = request.target.split("?");
  const segments = bare.replace(/^\/v1\//, "").split("/").map(decodeURIComponent);
  const asked = fields(new URLSearchParams(query ?? ""));
  const parameters = o.operation.parameters ?? [];
  const known = new Set([...o.fixed.keys()]);
  parameters.forEach((parameter, i) => {
    const at = [...o.at, "parameters", i, "schema"];
    const name = parameter.name.replace(/\[\]$/, "");
    known.add(name);
    let value;
    if (parameter.in === "path") value = segments[o.segments.indexOf(`{${name}}`)];
    else if (parameter.in === "query") value = asked[name];
    else value = request.headers[name.toLowerCase()]?.split(/, */);
    if (value === undefined) {
      if (parameter.required) faults.push(`${parameter.in}: ${name} is missing`);
      return;
    }
    const box = { value: structuredClone(value) };
    faults.push(...judgeText(description, at, box, `${parameter.in} ${name}`));
    said[name] = box.value;
  });
  for (const name of Object.keys(asked)) if (!known.has(name)) faults.push(`query: ${name} is not known`);
  return { faults, said, ...checkBody(description, o, request, faults) };
}

// What is wrong with this value as a body of that kind.
export function judgeBody(description, o, kind, value) {
  return judge(description.exact, [...o.at, "requestBody", "content", kind, "schema"], value, "body");
}

// Text has the type that fits: ajv changes it within its container.
const compiled = new Map();
function judgeText(description, at, box, where) {
  const ref = pointer(...at);
  const schema = { type: "object", properties: { value: { $ref: ref } } };
  if (!compiled.has(ref)) compiled.set(ref, description.text.compile(schema));
  const validate = compiled.get(ref);
  return validate(box) ? [] : texts(validate.errors).map((text) => `${where}: ${text.replace("/value", "")}`);
}

function checkBody(description, o, request, faults) {
  const wanted = o.operation.requestBody;
  if (!wanted) {
    if (request.body !== "" && request.body !== "{}") faults.push("body: there should be none");
    return {};
  }
  if (request.body === "") {
    if (wanted.required) faults.push("body: missing");
    return {};
  }
  const kind = (request.headers["content-type"] ?? "none").split(";")[0];
  if (!wanted.content[kind]) {
    faults.push(`body: it is ${kind}`);
    return {};
  }
  const at = [...o.at, "requestBody", "content", kind, "schema"];
  if (kind === "application/json") {
    let body;
    try {
      body = JSON.parse(Buffer.from(request.body, "latin1").toString("utf8"));
    } catch (e) {
      faults.push("body: it is no JSON");
      return {};
    }
    faults.push(...judge(description.exact, at, body, "body"));
    return { body };
  }
  if (kind === "multipart/form-data") {
    const types = {};
    const box = { value: formOf(request, types) };
    for (const [name, { contentType }] of Object.entries(wanted.content[kind].encoding ?? {})) {
      if (name in (box.value ?? {}) && types[name] !== contentType) faults.push(`form ${name}: its type is not ${contentType}`);
    }
    // What is JSON in itself is judged as such.
    const exact = Object.fromEntries(Object.entries(box.value ?? {}).filter(([name]) => types[name] === "application/json"));
    for (const name of Object.keys(exact)) {
      const validate = description.exact.compile({ $ref: pointer(...at) });
      validate(box.value);
      faults.push(...texts(validate.errors).filter((text) => text.startsWith("/" + name)).map((text) => `form: ${text}`));
      delete box.value[name];
    }
    if (!box.value) faults.push("body: the form has no end");
    else faults.push(...judgeText(description, at, box, "form").filter((text) => !Object.keys(exact).some((name) => text.includes(`property '${name}'`))));
    return { form: { ...box.value, ...exact } };
  }
  return { bytes: request.body };
}
