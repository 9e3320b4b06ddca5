// reference.mjs PACKAGE_DIR SEED N - writes N random texts and what the reference
// implementation (npm's tiktoken, WebAssembly) makes of them; compare.c reads it.
//
// A record, all numbers 32 bits, low byte first: kind (0 plain, 1 with every special token
// allowed), length and bytes of the text, length and bytes of the text as the reference sees
// it (broken UTF-8 replaced by U+FFFD), then for each encoding the number of ids and the ids.
// Before the random texts comes every Unicode scalar value, each in the same few contexts.
import { createRequire } from 'node:module';
import { writeSync } from 'node:fs';

const [packageDir, seedText, countText] = process.argv.slice(2);
const { get_encoding } = createRequire(import.meta.url)(packageDir);
const ENCODINGS = ['o200k_base', 'cl100k_base', 'p50k_base', 'r50k_base'].map((name) =>
  get_encoding(name),
);
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

// xorshift32: the same texts on every machine.
let state = Number(seedText) >>> 0 || 1;
function random(n) {
  state ^= state << 13;
  state >>>= 0;
  state ^= state >>> 17;
  state ^= state << 5;
  state >>>= 0;
  return state % n;
}
const pick = (list) => list[random(list.length)];
const many = (max, make) => Array.from({ length: 1 + random(max) }, make).join('');

const SPACES = [..." \t\n\r\v\f\u0085\u00a0\u1680\u2000\u2003\u200a\u2028\u2029\u202f\u205f\u3000"];
const ODD = [..."\u017f\u212a\u0130\u0131\u00df\u01c5\u02b0\u0301\u0903\u20dd\u0660\u00b2\u2167\u180e\u200b\u200d\ufeff\ufffd\u{10ffff}\u{e0100}\u{1d400}\u{1f1e6}\u{1f600}\u{2f800}"];
const CONTRACTIONS = ["'s", "'S", "'t", "'T", "'re", "'rE", "'VE", "'m", "'ll", "'Ll", "'d", "'\u017f", "'l", "'", '\u2019s'];
const SPECIALS = ['<|endoftext|>', '<|endofprompt|>', '<|fim_prefix|>', '<|fim_middle|>', '<|fim_suffix|>', '<|', '|>', '<|endoftext'];
const RANGES = [
  [0x21, 0x7e], [0x61, 0x7a], [0x41, 0x5a], [0x30, 0x39], [0xa1, 0x24f], [0x300, 0x36f], [0x370, 0x52f],
  [0x590, 0x6ff], [0x900, 0xdff], [0xe00, 0xeff], [0x10a0, 0x10ff], [0x1100, 0x11ff], [0x2000, 0x2bff],
  [0x3040, 0x30ff], [0x4e00, 0x9fff], [0xac00, 0xd7a3], [0xe000, 0xffff], [0x10000, 0x1ffff],
  [0x20000, 0x3ffff], [0xe0000, 0x10ffff], [0, 0xd7ff],
];
const fromRange = ([low, high]) => String.fromCodePoint(low + random(high - low + 1));
const anyChar = () => fromRange(pick(RANGES));
const vocabulary = () => {
  const encoding = pick(ENCODINGS);
  return decoder.decode(encoding.decode_single_token_bytes(random(50000)));
};

const PARTS = [
  () => vocabulary(),
  () => vocabulary(),
  () => many(12, () => fromRange(RANGES[1])),
  () => ' ' + many(9, () => fromRange(RANGES[1])),
  () => fromRange(RANGES[2]) + many(6, () => fromRange(RANGES[1])),
  () => many(4, () => fromRange(RANGES[2])) + many(4, () => fromRange(RANGES[1])),
  () => many(7, () => fromRange(RANGES[3])),
  () => many(6, () => pick(SPACES)),
  () => pick(SPACES),
  () => pick(CONTRACTIONS),
  () => many(5, () => pick(ODD)),
  () => many(8, anyChar),
  () => { const range = pick(RANGES); return many(20, () => fromRange(range)); },
  () => many(6, () => pick([...'/\\.,;:!?()[]{}<>|*#-_=+~`@$%^&"'])) + pick(['', '\r\n', '\n/', '/\n', '\n\n']),
  () => pick([anyChar, () => pick(SPACES), () => pick(ODD)])().repeat(1 + random(random(40) === 0 ? 900 : 60)),
];

const text = (parts) => many(parts, () => pick(PARTS)());

// Bytes that are not UTF-8: cut, changed, inserted.
function broken(parts) {
  const bytes = Buffer.from(text(parts));
  const pieces = [];
  for (let at = 0; at < bytes.length; ) {
    const n = 1 + random(9);
    pieces.push(bytes.subarray(at, at + n - (random(3) === 0 ? 1 : 0)));
    at += n;
    if (random(3) === 0) pieces.push(Buffer.from(Array.from({ length: 1 + random(3) }, () => 0x80 + random(0x80))));
    if (random(9) === 0) pieces.push(Buffer.from(pick([[0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xf4, 0x90, 0x80, 0x80], [0xe0, 0x9f, 0xbf], [0xf0, 0x9f, 0x98]])));
  }
  return Buffer.concat(pieces);
}

let out = Buffer.alloc(1 << 20);
let used = 0;
function flush() {
  for (let at = 0; at < used; ) {
    try {
      at += writeSync(1, out, at, used - at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
  used = 0;
}
function room(n) {
  if (used + n > out.length) flush();
  if (n > out.length) out = Buffer.alloc(2 * n);
}
function number(n) {
  room(4);
  used = out.writeUInt32LE(n, used);
}
function bytes(block) {
  number(block.length);
  room(block.length);
  used += Buffer.from(block).copy(out, used);
}

function record(kind, raw) {
  const seen = decoder.decode(raw);
  number(kind);
  bytes(raw);
  bytes(Buffer.from(seen));
  for (const encoding of ENCODINGS) {
    const ids = kind === 1 ? encoding.encode(seen, 'all') : encoding.encode_ordinary(seen);
    number(ids.length);
    for (const id of ids) number(id);
  }
}

for (let code = 0; code < 0x110000; code++) {
  if (code >= 0xd800 && code < 0xe000) continue;
  const c = String.fromCodePoint(code);
  record(0, Buffer.from(`a${c}B${c}${c}\n ${c}c'${c} 1${c}2`));
}
for (let i = 0; i < Number(countText); i++) {
  if (i % 16 === 7) record(1, Buffer.from(many(4, () => text(2) + pick(SPECIALS))));
  else record(0, i % 4 === 3 ? broken(5) : Buffer.from(text(6)));
}
flush();
