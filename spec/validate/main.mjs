// node main.mjs cases DESCRIPTION OUT          make up requests for each operation of the API
// node main.mjs judge DESCRIPTION RECORDS [CASES]   are the recorded requests what it describes?
import { readFileSync, writeFileSync, readdirSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { check, judgeBody, load, operationOf } from "./description.mjs";
import { FLAWS, OF_THE_SPECS } from "./exceptions.mjs";
import { sample } from "./sample.mjs";

const MODES = [{ pick: 0 }, { pick: 1 }, { pick: 0, nulls: true }, { pick: 0, empty: true }];
const [command, file, folder, casesFile] = process.argv.slice(2);
const description = load(file);
const lines = (path) => readFileSync(path, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));

// ------------------------------------------------------------------ making requests up

const KINDS = ["application/json", "multipart/form-data"];

function requestOf(o, mode, kind) {
  const made = { ids: {}, query: {}, headers: {} };
  for (const parameter of o.operation.parameters ?? []) {
    const value = sample(description.api, parameter.schema, mode);
    if (parameter.in === "path") made.ids[parameter.name] = value === "" ? "a" : value;
    else if (parameter.in === "header") {
      if ([value].flat().length) made.headers[parameter.name] = [value].flat().join(",");
    }
    else if (parameter.name === "stream") continue; // streams are called otherwise
    else if (!Array.isArray(value) || value.length > 0) made.query[parameter.name.replace(/\[\]$/, "")] = value;
  }
  if (kind) {
    made.body = sample(description.api, o.operation.requestBody.content[kind].schema, mode);
    made.kind = kind;
  }
  return made;
}

const parent = (value, words) => words.reduce((at, word) => at?.[word], value);

// Alternatives that exclude each other are met by chance: leave out what does not fit.
function fitting(o, made) {
  if (!made.kind) return true;
  const isForm = made.kind === "multipart/form-data"; // in which bytes are a string
  const faultsOf = () => judgeBody(description, o, made.kind,
    JSON.parse(JSON.stringify(made.body), (key, value) => isForm && value?.$file ? value.$file : value));
  for (let faults = faultsOf(), turn = 0; turn < 30; turn++) {
    if (faults.length === 0) return true;
    const fewer = leaveOut(made.body, faults, faultsOf);
    if (!fewer) {
      if (process.env.VALIDATE_DEBUG) console.error(o.key, faults.slice(0, 4), JSON.stringify(made.body).slice(0, 900));
      return false;
    }
    faults = fewer;
  }
  return false;
}

// Without one property of an object where a fault is, or above, there are fewer faults.
function leaveOut(body, faults, faultsOf) {
  for (const fault of faults) {
    const words = (/^body: (\/\S*)/.exec(fault)?.[1] ?? "").split("/").slice(1);
    for (let n = words.length; n >= 0; n--) {
      const node = parent(body, words.slice(0, n));
      if (typeof node !== "object" || node === null || Array.isArray(node)) continue;
      for (const key of n < words.length ? [words[n]] : Object.keys(node)) {
        const kept = node[key];
        delete node[key];
        const left = faultsOf();
        if (left.length < faults.length) return left;
        node[key] = kept;
      }
    }
  }
}

function makeCases() {
  const out = [];
  for (const o of description.operations) {
    const seen = new Set();
    const kinds = KINDS.filter((kind) => o.operation.requestBody?.content[kind]);
    for (const [mode, kind] of MODES.flatMap((m) => (kinds.length ? kinds : [undefined]).map((k) => [m, k]))) {
      const made = requestOf(o, mode, kind);
      if (!fitting(o, made)) continue; // such as a file within JSON
      const text = JSON.stringify(made);
      if (!seen.has(text)) out.push({ key: o.key, method: o.method, template: o.template, ...made });
      seen.add(text);
    }
    if (seen.size === 0) throw new Error("no request could be made up for " + o.key);
  }
  writeFileSync(folder, out.map((c) => JSON.stringify(c)).join("\n") + "\n");
  console.log(`${out.length} requests made up for ${new Set(out.map((c) => c.key)).size} operations`);
}

// ------------------------------------------------------------------ judging them

const isEmpty = (value) => value === null || (typeof value === "object" && Object.keys(value).length === 0);
const bytesOf = (value) => value?.$file ?? (Array.isArray(value) ? value.map(bytesOf) : value);

// What was given is what came. Null and empty tables cannot be said in a query or a form.
function compare(made, result, faults) {
  const same = (name, given, sent) => {
    // The judge takes the text "false" for null where both may be.
    if (given === false && sent === null) return;
    if (!isDeepStrictEqual(sent, given)) faults.push(`${name}: it is not what was given: ${difference(given, sent)}`);
  };
  if (made.kind === "application/json") same("body", made.body, result.body);
  if (made.kind === "multipart/form-data" && result.form) {
    for (const [name, value] of Object.entries(made.body)) {
      if (!isEmpty(value)) same(`form ${name}`, bytesOf(value), result.form[name]);
    }
  }
  for (const [name, value] of [...Object.entries(made.ids), ...Object.entries(made.query)]) {
    if (!isEmpty(value)) same(name, value, result.said[name]);
  }
}

function difference(given, sent, path = "") {
  if (isDeepStrictEqual(given, sent)) return "";
  if (given && sent && typeof given === "object" && typeof sent === "object" && Array.isArray(given) === Array.isArray(sent)) {
    for (const key of new Set([...Object.keys(given), ...Object.keys(sent)])) {
      const found = difference(given[key], sent[key], `${path}/${key}`);
      if (found) return found;
    }
  }
  return `${path} ${JSON.stringify(given)} became ${JSON.stringify(sent)}`;
}

function judgeAll() {
  const records = readdirSync(folder).sort().flatMap((name) => lines(`${folder}/${name}`));
  const cases = casesFile && lines(casesFile);
  const bad = new Map(), excused = new Map(), elsewhere = new Map(), operations = new Set();
  let n = 0, cut = 0;
  const count = (map, key) => map.set(key, (map.get(key) ?? 0) + 1);
  records.forEach((request) => {
    if (!request.complete) return cut++;
    const o = operationOf(description, request.method, request.target);
    if (!o) return count(elsewhere, `${request.method} ${request.target.split("?")[0]}`);
    const made = cases?.[request.headers["x-case"]];
    const result = check(description, o, request);
    if (cases && !made) result.faults.push("it was not made up");
    if (made && made.key !== o.key) result.faults.push(`it is ${made.key}`);
    if (made) compare(made, result, result.faults);
    operations.add(o.key);
    n++;
    for (const fault of result.faults) {
      const reason = [...FLAWS, ...(cases ? [] : OF_THE_SPECS)].find((e) => (!e.operation || e.operation === o.key) && e.fault.test(fault));
      if (reason) count(excused, reason.reason);
      else count(bad, `${o.key}: ${fault}`);
    }
  });
  if (!cases) console.log(`${cut} were cut off on the way, ${[...elsewhere.values()].reduce((a, b) => a + b, 0)} go to paths that the description does not have`);
  for (const [reason, times] of excused) console.log(`  excused ${times} times: ${reason}`);
  for (const [fault, times] of bad) console.log(`VIOLATION (${times} times) ${fault}`);
  if (cases && n !== cases.length) {
    console.log(`${cases.length} requests were made up, ${n} came`);
    bad.set("what did not come", cases.length - n);
  }
  console.log(`${n} requests of ${operations.size} operations: ${bad.size} kinds of violations`);
  if (process.env.VALIDATE_ELSEWHERE) for (const [what, times] of elsewhere) console.log(`  ${times} ${what}`);
  process.exit(bad.size > 0 || n === 0 ? 1 : 0);
}

command === "cases" ? makeCases() : judgeAll();
