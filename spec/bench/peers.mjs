// peers.mjs WORKLOAD URL N - one workload of the bench through the official npm package
// `openai`, in a process of its own. PACKAGE is the folder that it is installed in, URL the
// root of spec/bench/server. Prints key=value as client.lua does: CPU of this process (user and
// system, all threads) around the workload alone, and checks what came.
//
//   stream   one stream of N events        chats   N small chats on one client
//   memory   the chats without a measured part, for launch to look at
//   start    one streamed request; ends the process at its first text
import { createRequire } from 'node:module';
import { join } from 'node:path';

const EVENT_TEXT_BYTES = 9;
// What is measured is compiled code: without so long a warm-up, up to twice as slow.
const WARM_UP_EVENTS = 100000;
const WARM_UP_CHATS = 5000;
const MEMORY_WARM_UP_CHATS = 100; // as in client.lua
const [workload, root, count] = process.argv.slice(2);
const n = Number(count ?? 1);
const { OpenAI } = createRequire(join(process.env.PACKAGE, 'package.json'))('openai');

const params = {
  model: 'gpt-4o-mini',
  messages: [
    { role: 'system', content: 'You are terse.' },
    { role: 'user', content: 'What is AI?' },
  ],
};

const newClient = (path) => new OpenAI({ baseURL: `${root}${path}/v1`, apiKey: 'sk-bench' });

function expect(got, wanted, what) {
  if (got !== wanted) throw new Error(`${what}: ${got} instead of ${wanted}`);
}

async function stream(events) {
  const client = newClient(`/padded/${events}`);
  let bytes = 0;
  let finish;
  for await (const chunk of await client.chat.completions.create({ ...params, stream: true })) {
    const choice = chunk.choices[0];
    bytes += choice?.delta.content?.length ?? 0;
    finish = choice?.finish_reason ?? finish;
  }
  expect(bytes, events * EVENT_TEXT_BYTES, 'bytes of text');
  expect(finish, 'stop', 'finish_reason');
}

const client = newClient('');

async function chats(times) {
  for (let i = 0; i < times; i++) {
    const reply = await client.chat.completions.create(params);
    expect(reply.usage.total_tokens, 29, 'total_tokens');
  }
}

async function measure(warmUp, work) {
  await work(warmUp);
  const from = process.cpuUsage();
  await work(n);
  const { user, system } = process.cpuUsage(from);
  console.log(`cpu_us=${user + system} items=${n}`);
}

const workloads = {
  stream: () => measure(WARM_UP_EVENTS, stream),
  chats: () => measure(WARM_UP_CHATS, chats),
  memory: async () => {
    await chats(MEMORY_WARM_UP_CHATS + n);
    console.log(`rss_kib=${Math.round(process.memoryUsage.rss() / 1024)} items=${n}`);
  },
  start: async () => {
    const { completions } = newClient('/padded/16').chat;
    for await (const chunk of await completions.create({ ...params, stream: true })) {
      if (!chunk.choices[0]?.delta.content) continue;
      process.stdout.write('first\n');
      process.exit(0);
    }
  },
};

await workloads[workload]();
