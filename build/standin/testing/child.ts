import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** A program of the test desktop, ended with it. */
export interface Child {
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** How long a program may take to end before it is killed, in milliseconds. */
const endPatienceMs = 3_000;

const running = new Set<ChildProcess>();
// A test run that ends without its teardown leaves nothing behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** @param pipes number of extra pipes from the program, as file descriptors 3 and up */
export function startChild(program: string, args: readonly string[], env: NodeJS.ProcessEnv, pipes = 0): Child {
  const extra = Array.from({ length: pipes }, () => 'pipe' as const);
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'ignore', ...extra] });
  running.add(child);
  child.on('exit', () => running.delete(child));
  // A program that does not start is told by whoever waits for it.
  child.on('error', () => running.delete(child));
  const stop = async (): Promise<void> => {
    if (!running.has(child)) return;
    const ended = once(child, 'exit');
    child.kill();
    const timer = setTimeout(() => child.kill('SIGKILL'), endPatienceMs);
    await ended;
    clearTimeout(timer);
  };
  return { process: child, stop };
}

/** The first line that a program writes to file descriptor 3: how it says that it is there. @throws where it ends without */
export async function firstLine({ process: child }: Child, program: string): Promise<string> {
  const stream = child.stdio[3] as Readable;
  return new Promise((resolve, reject) => {
    let text = '';
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${program} ended with exit code ${code}`)));
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const end = text.indexOf('\n');
      if (end !== -1) resolve(text.slice(0, end));
    });
  });
}
