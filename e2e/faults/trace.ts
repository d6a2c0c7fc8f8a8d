import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { notRunRow, Tally, type FaultRow } from './tally.ts';
import { currentLabel, inFolder, makeVault } from './vault.ts';
import { allowedAfter, startWriter, type WriterWord } from './writer-process.ts';

/** Two writes of the new file, and no more than a page of a third. */
const sizeBytes = 2 * 1024 * 1024;
/** What a save asks of the disk. Writes to other things than files, such as wake-ups between threads, are `write`. */
const calls = ['openat', 'pwrite64', 'fsync', 'rename', 'unlink'] as const;
export type Call = (typeof calls)[number];

/** What `strace --inject` does to a call; see its manual. */
export interface Injection {
  readonly fault: string;
  readonly effect: string;
  readonly calls: readonly Call[];
}

/** Every fault that is made at every call of a save. */
export const injections: readonly Injection[] = [
  { fault: 'kill -9 during save', effect: 'signal=SIGKILL', calls },
  { fault: 'EIO', effect: 'error=EIO', calls },
  { fault: 'ENOSPC', effect: 'error=ENOSPC', calls: ['openat', 'pwrite64', 'fsync', 'rename'] },
  { fault: 'write of nothing', effect: 'retval=0', calls: ['pwrite64'] },
  { fault: 'short write that is not there', effect: 'retval=1000', calls: ['pwrite64'] },
];

/** Why `strace` can't be used here; null where it can. */
export function whyNoTrace(): string | null {
  if (process.platform !== 'linux') return 'needs Linux';
  return spawnSync('strace', ['--version'], { stdio: 'ignore' }).status === 0 ? null : 'strace is not installed';
}

/**
 * Makes one fault at each call of a save.
 * @param every 1 for all; n for each n-th of them
 */
export async function injectFault({ fault, effect, calls: names }: Injection, every: number): Promise<FaultRow> {
  const how = `strace at every ${names.join(', ')}`;
  const reason = whyNoTrace();
  if (reason !== null) return notRunRow(fault, how, reason);
  const tally = new Tally();
  const counts = await countCalls();
  let point = 0;
  for (const call of names) {
    for (let when = 1; when <= (counts.get(call) ?? 0); when += 1) {
      point += 1;
      if (point % every === 0) await injectOnce(tally, call, `${effect}:when=${when}`);
    }
  }
  return tally.toRow(fault, how);
}

async function injectOnce(tally: Tally, call: Call, effect: string): Promise<void> {
  await inFolder(async (folder) => {
    await makeVault(folder, sizeBytes);
    const words = await saveTraced(folder, [`--trace=${call}`, `--inject=${call}:${effect}`, '--output=/dev/null']);
    const point = `${call}:${effect}`;
    tally.judge(point, await currentLabel(folder), allowedAfter('traced', words, 'first'));
    const last = words.at(-1);
    tally.failed(point, last?.word === 'failed' ? last.code : null);
    if (last?.word === 'failed' && last.message.includes('unchanged') && (await currentLabel(folder)) !== 'first') {
      tally.lose(`${point}: it says that the vault is unchanged, and it is not`);
    }
  });
}

/** Saves once under strace, from the first call of the save on. */
async function saveTraced(folder: string, options: readonly string[]): Promise<readonly WriterWord[]> {
  const writer = await startWriter({ folder, name: 'traced', count: 1, sizeBytes });
  try {
    const trace = spawn('strace', ['--follow-forks', `--attach=${writer.processId}`, ...options], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const exited = once(trace, 'exit');
    await attached(trace.stderr);
    writer.go();
    await writer.ended();
    await exited;
    return writer.words;
  } finally {
    writer.kill();
  }
}

async function attached(stderr: NodeJS.ReadableStream): Promise<void> {
  const said: string[] = [];
  for await (const line of createInterface({ input: stderr })) {
    if (/Process \d+ attached/.test(line)) {
      stderr.resume();
      return;
    }
    said.push(line);
  }
  throw new Error(`strace could not attach: ${said.join(' ')}`);
}

/** What a save did on the disk, in its order: `create NAME`, `write NAME`, `flush NAME`, `read NAME`, `rename NAME`. */
export async function traceSteps(): Promise<readonly string[]> {
  return await inFolder(async (folder) => {
    await makeVault(folder, sizeBytes);
    const log = path.join(folder, 'trace');
    await saveTraced(folder, [`--trace=${calls.join(',')}`, '--decode-fds=path', `--output=${log}`]);
    const steps = (await readFile(log, 'utf8')).split('\n').flatMap((line) => toStep(line, folder) ?? []);
    return steps.filter((step, index) => step !== steps[index - 1]);
  });
}

const newFileFlags = ['O_WRONLY', 'O_CREAT', 'O_EXCL', 'O_NOFOLLOW'];

function toStep(line: string, folder: string): string | null {
  const [, call = '', text = ''] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? [];
  if (call === 'rename') return `rename ${/"([^"]+)"\) = 0$/.exec(text)?.[1]?.split('/').at(-1) ?? text}`;
  const paths = Array.from(text.matchAll(/<([^<>]+)>/g), ([, found = '']) => found);
  const file = (call === 'openat' ? paths.at(-1) : paths[0]) ?? '';
  if (!file.startsWith(path.join(folder, '.tazpod'))) return null;
  const name = path.basename(file).replace(/\.[0-9a-f]{12}\.tmp$/, '');
  if (call === 'pwrite64') return `write ${name}`;
  if (call === 'fsync') return `flush ${name}`;
  if (text.includes('O_CREAT')) {
    const lacking = newFileFlags.filter((flag) => !text.includes(flag));
    return lacking.length === 0 ? `create ${name}` : `create ${name} without ${lacking.join(', ')}`;
  }
  return call === 'openat' && file.endsWith('.tmp') ? `read ${name}` : null;
}

/** How often a thread makes each call in a save: strace counts by thread. */
async function countCalls(): Promise<ReadonlyMap<string, number>> {
  return await inFolder(async (folder) => {
    await makeVault(folder, sizeBytes);
    const log = path.join(folder, 'trace');
    await saveTraced(folder, [`--trace=${calls.join(',')}`, `--output=${log}`]);
    const perThread = new Map<string, number>();
    for (const [, thread, call] of (await readFile(log, 'utf8')).matchAll(/^(\d+) +(\w+)\(/gm)) {
      const name = `${thread} ${call}`;
      perThread.set(name, (perThread.get(name) ?? 0) + 1);
    }
    const counts = new Map<string, number>();
    for (const [name, count] of perThread) {
      const call = name.split(' ')[1] ?? '';
      counts.set(call, Math.max(counts.get(call) ?? 0, count));
    }
    for (const call of calls.slice(0, 4)) if (!counts.has(call)) throw new Error(`a save makes no call of ${call}`);
    return counts;
  });
}
