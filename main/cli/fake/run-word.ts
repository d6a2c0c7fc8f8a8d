import { runCli } from '../run.ts';
import { FakeIo, type FakeIoOptions } from './fake-io.ts';
import { fakeConnector, type FakeHost } from './fake-host.ts';

/** A command line under way against fake hosts. */
export interface RunningWord {
  readonly io: FakeIo;
  readonly code: Promise<number>;
}

/** Begins a command line; the test drives host and terminal while it runs. */
export function beginWord(words: string, hosts: readonly FakeHost[], options: FakeIoOptions = {}): RunningWord {
  const io = new FakeIo(options);
  const argv = words.split(' ').filter((word) => word !== '');
  return { io, code: runCli(argv, io, fakeConnector(...hosts), '0.1.0') };
}

/** Runs a command line to its end. */
export async function runWord(
  words: string,
  hosts: readonly FakeHost[],
  options: FakeIoOptions = {},
): Promise<{ readonly io: FakeIo; readonly code: number }> {
  const { io, code } = beginWord(words, hosts, options);
  return { io, code: await code };
}

/** Waits until the condition holds, then until everything that waits only for its turn has had it. */
export async function until(condition: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > deadlineMs) throw new Error('what was waited for did not come');
    await new Promise((resolve) => setImmediate(resolve));
  }
  await turns();
}

/** Lets everything happen that waits for nothing but its turn; files are not waited for. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
