import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** What `writer.ts` says. */
export type WriterWord =
  | { readonly word: 'ready' }
  | { readonly word: 'saved'; readonly number: number; readonly copies: number }
  | { readonly word: 'pushed'; readonly number: number; readonly outcome: string }
  | { readonly word: 'failed'; readonly number: number; readonly code: string; readonly message: string };

/** A process of ours that saves. */
export interface WriterProcess {
  readonly processId: number;
  /** All it said so far, after `ready`. */
  readonly words: readonly WriterWord[];
  /** Lets it save. */
  go(): void;
  /** Kills it at once, as `kill -9` does. */
  kill(): void;
  /** Waits until it has ended and all it said was read. */
  ended(): Promise<void>;
}

export interface WriterTask {
  readonly folder: string;
  /** Saves are labelled `NAME 1`, `NAME 2` and so on. */
  readonly name: string;
  readonly count: number;
  readonly sizeBytes: number;
  /** A folder to push each save to; without it nothing is pushed. */
  readonly place?: string;
}

/** So much of its error output is kept, in characters: a stack. */
const maxSaid = 4000;

/** Starts a writer and waits until it is about to save. @throws Error where it ends before */
export async function startWriter({ folder, name, count, sizeBytes, place }: WriterTask): Promise<WriterProcess> {
  const script = path.join(import.meta.dirname, 'writer.ts');
  const child = spawn(
    process.execPath,
    [script, folder, name, String(count), String(sizeBytes), ...(place === undefined ? [] : [place])],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      // One thread does all work on files, so that the n-th call is the same call each time.
      env: { ...process.env, UV_THREADPOOL_SIZE: '1', UV_USE_IO_URING: '0' },
    },
  );
  const { ready, words, ended, said } = listenTo(child);
  // A writer that was killed has no reader for its go.
  child.stdin.on('error', () => {});
  if (!(await ready)) {
    const { exitCode, signalCode } = child;
    throw new Error(
      `writer ${name} ended before it was ready, with ${signalCode ?? `exit code ${exitCode}`}: ${said()}`,
    );
  }
  const { pid } = child;
  if (pid === undefined) throw new Error(`writer ${name} has no process id`);
  return {
    processId: pid,
    words,
    go: () => void child.stdin.write('\n'),
    kill: () => void child.kill('SIGKILL'),
    ended: () => ended,
  };
}

function listenTo(
  child: ChildProcess & { readonly stdout: NodeJS.ReadableStream; readonly stderr: NodeJS.ReadableStream },
): {
  readonly ready: Promise<boolean>;
  readonly words: readonly WriterWord[];
  readonly ended: Promise<void>;
  /** The end of what it said on its error output, which is passed on as well. */
  readonly said: () => string;
} {
  const words: WriterWord[] = [];
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString('utf8')}`.slice(-maxSaid);
    process.stderr.write(chunk);
  });
  const lines = createInterface({ input: child.stdout });
  const ended = Promise.all([once(child, 'close'), once(lines, 'close')]).then(() => {});
  const ready = new Promise<boolean>((resolve, reject) => {
    child.once('error', reject);
    lines.on('line', (line) => {
      const word = JSON.parse(line) as WriterWord;
      if (word.word === 'ready') resolve(true);
      else words.push(word);
    });
    void ended.then(() => resolve(false));
  });
  return { ready, words, ended, said: () => said };
}

/** Which saves may stand in the vault: the last one that was told as done, or the one that was under way. */
export function allowedAfter(name: string, words: readonly WriterWord[], before: string): readonly string[] {
  const saved = words.findLast((word) => word.word === 'saved');
  const last = saved?.word === 'saved' ? saved.number : 0;
  const tried = words.flatMap((word) => (word.word === 'ready' ? [] : [word.number]));
  const underWay = Math.max(0, ...tried) + 1;
  const labels = [last === 0 ? before : `${name} ${last}`];
  for (let number = last + 1; number <= underWay; number += 1) labels.push(`${name} ${number}`);
  return labels;
}
