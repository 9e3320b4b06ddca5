// tokens.mjs FOLDER LUA... - tokens per second beside the reference implementation (npm's
// tiktoken, in TIKTOKEN), in the same run: for each text the two take turns, and the figure
// is the median of the paired ratios. One clock, this one, times both.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const [folder, ...luas] = process.argv.slice(2);
const { get_encoding } = createRequire(import.meta.url)(process.env.TIKTOKEN);
const reference = get_encoding('o200k_base');
const ROUNDS = 9;
const TIMES = 5; // ours is called this often in a turn, so that the pipe costs nothing

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

// The paths of a build, as `make env` prints them.
function environment(lua) {
  const lines = spawnSync('make', ['-s', 'env', `LUA=${lua}`], { encoding: 'utf8' }).stdout;
  const env = { ...process.env };
  for (const [, name, value] of lines.matchAll(/export (\w+)="(.*?)\$\{.*"/g)) env[name] = value + ';;';
  return env;
}

async function start(lua, env) {
  const child = spawn(lua, [join(HERE, 'tokens.lua')], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (line) => {
    child.stdin.write(line + '\n');
    const answer = await lines.next();
    if (answer.done) throw new Error(`${lua} ended`);
    return answer.value;
  };
  return { ask, stop: () => child.stdin.end() };
}

async function timed(work) {
  const from = performance.now();
  const result = await work();
  return [performance.now() - from, result];
}

async function compare(ours, name, call) {
  const path = join(folder, name + '.txt');
  const text = readFileSync(path, 'utf8');
  const n_bytes = Number(await ours.ask('load ' + path));
  const ratios = [];
  const rates = { ours: [], theirs: [] };
  for (let round = -1; round < ROUNDS; round++) {
    const [their_ms, ids] = await timed(() => reference.encode_ordinary(text));
    const [our_ms, count] = await timed(() => ours.ask(`${call} ${TIMES}`));
    if (Number(count) !== ids.length) throw new Error(`${name}: ${count} tokens, not ${ids.length}`);
    if (round < 0) continue; // warm-up
    ratios.push(their_ms / (our_ms / TIMES));
    rates.theirs.push(n_bytes / their_ms / 1000);
    rates.ours.push((n_bytes * TIMES) / our_ms / 1000);
  }
  const show = (list) => median(list).toFixed(1).padStart(7);
  console.log(
    `${call.padEnd(7)}${name.padEnd(9)}${show(rates.ours)} MB/s ${show(rates.theirs)} MB/s` +
      `   ratio ${show(ratios)}  (${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)})`,
  );
}

// kB of its own that a process needs for a first count, and after all texts were counted.
async function memory(lua, env) {
  const fresh = await start(lua, env);
  const figures = [await fresh.ask('memory')];
  for (const name of ['english', 'code', 'chinese', 'one_letter', 'spaces', 'random_letters']) {
    await fresh.ask('load ' + join(folder, name + '.txt'));
    await fresh.ask('count 1');
  }
  figures.push(await fresh.ask('memory'));
  fresh.stop();
  return figures;
}

for (const lua of luas) {
  const env = environment(lua);
  const first = [];
  for (let i = 0; i < 9; i++) {
    const fresh = await start(lua, env);
    first.push(Number(await fresh.ask('first')));
    fresh.stop();
  }
  const [once_kb, all_kb] = await memory(lua, env);
  const ours = await start(lua, env);
  console.log(`\n${lua}: first use ${median(first).toFixed(2)} ms CPU (worst of 9: ${Math.max(...first).toFixed(2)})`);
  console.log('call   text         lualogue      tiktoken (npm)');
  for (const call of ['count', 'encode'])
    for (const name of ['english', 'code', 'chinese']) await compare(ours, name, call);
  for (const name of ['one_letter', 'spaces', 'random_letters']) {
    await ours.ask('load ' + join(folder, name + '.txt'));
    const [ms] = await timed(() => ours.ask('count 1'));
    console.log(`a megabyte, ${name.replace('_', ' ')}: ${ms.toFixed(0)} ms`);
  }
  console.log(`private memory: ${once_kb} kB for the first count, ${all_kb} kB after every text`);
  ours.stop();
}
