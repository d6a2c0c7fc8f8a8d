import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OutputStream, SessionEnd } from '../../preload/contract/session.ts';
import type { Session } from './engine.ts';
import { baseConfig, openEngineFixture, type EngineFixture } from './testing/engine-fixture.ts';

let fixture: EngineFixture;
let projectId: string;
const size = { rows: 33, columns: 101 };

beforeAll(async () => {
  fixture = await openEngineFixture();
  projectId = await fixture.trusted(await fixture.folder('pipes', baseConfig));
  expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
});
afterAll(async () => fixture.close());

interface Piped {
  readonly session: Session;
  readonly ended: Promise<SessionEnd>;
  /** Resolves when the output holds the text. */
  printed(text: string): Promise<void>;
  readonly output: () => string;
  readonly errors: () => string;
}

/** Opens a session without a terminal and collects what it prints. */
async function open(...command: readonly string[]): Promise<Piped> {
  const said: Record<OutputStream, Buffer[]> = { output: [], error: [] };
  const { promise: ended, resolve: end } = Promise.withResolvers<SessionEnd>();
  let onPrinted = (): void => undefined;
  const opened = await fixture.engine.openSession(
    { kind: 'shell', projectId, size, command, terminal: false },
    {
      onData: (bytes, stream = 'output') => {
        said[stream].push(Buffer.from(bytes));
        onPrinted();
      },
      onEnd: end,
    },
  );
  if (!opened.ok) throw new Error(opened.failure.message);
  const output = (): string => Buffer.concat(said.output).toString();
  return {
    session: opened.value,
    ended,
    output,
    errors: () => Buffer.concat(said.error).toString(),
    printed: async (text) =>
      new Promise((resolve) => {
        onPrinted = () => {
          if (output().includes(text)) resolve();
        };
        onPrinted();
      }),
  };
}

/** Command lines in the container now, without the container's own. */
async function processes(): Promise<readonly string[]> {
  const { container } = fixture.project(projectId);
  if (container.status === 'missing') throw new Error('no container');
  const top = (await fixture.client.getContainer(container.id).top()) as { Processes: string[][]; Titles: string[] };
  const column = top.Titles.indexOf('CMD');
  return top.Processes.map((row) => row[column] ?? '').filter((command) => !command.endsWith('sleep infinity'));
}

async function untilIdle(): Promise<void> {
  const deadline = Date.now() + 2_000;
  while ((await processes()).length > 0) {
    if (Date.now() > deadline) throw new Error(`still there after 2 s: ${(await processes()).join(', ')}`);
  }
}

describe('a session without a terminal', () => {
  test('leads a kernel session of its own, has no terminal, and keeps its outputs apart and as written', async () => {
    const script =
      'read -r pid name state parent group session rest < /proc/$$/stat; ' +
      'test "$pid $pid" = "$group $session" && echo leads; test -t 0 || test -t 1 || test -t 2 || echo pipes; ' +
      'printf "a\\nb\\036c" >&2; echo "<$TERM>"';
    const piped = await open('sh', '-c', script);
    expect(await piped.ended).toEqual({ reason: 'exited', exitCode: 0 });
    expect(piped.output()).toBe('leads\npipes\n<>\n');
    expect(piped.errors()).toBe('a\nb\u001ec');
  });

  test('loses no byte of 25 short programs that write to both at once, and passes their exit codes on', async () => {
    for (let round = 0; round < 25; round++) {
      const piped = await open('sh', '-c', `echo e${round} >&2; echo o${round}; exit ${round}`);
      expect(await piped.ended).toEqual({ reason: 'exited', exitCode: round });
      expect([piped.output(), piped.errors()]).toEqual([`o${round}\n`, `e${round}\n`]);
    }
  });

  test('ends with its input', async () => {
    for (let round = 0; round < 10; round++) {
      const piped = await open('cat');
      void piped.session.write(Buffer.from('hello '));
      void piped.session.write(Buffer.from('there'));
      piped.session.endInput();
      expect(await piped.ended).toEqual({ reason: 'exited', exitCode: 0 });
      expect(piped.output()).toBe('hello there');
    }
  });

  test('ends with its program, whether input is still open or not taken', async () => {
    const piped = await open('head', '-c', '5');
    const written = piped.session.write(Buffer.alloc(8 * 1024 * 1024, 'x'));
    expect(await piped.ended).toEqual({ reason: 'exited', exitCode: 0 });
    expect(piped.output()).toBe('xxxxx');
    // The stream can't take it any more; whoever waits for that must not wait for ever.
    await written;
    await piped.session.write(Buffer.from('late'));
    const closing = await open('sh', '-c', 'exec <&- >&- 2>&-; sleep 1; exit 7');
    closing.session.endInput();
    expect(await closing.ended).toEqual({ reason: 'exited', exitCode: 7 });
  });

  test('holds input back that the program does not read', async () => {
    const piped = await open('sh', '-c', 'echo ready; sleep 1008; cat | wc -c');
    await piped.printed('ready');
    let taken = 0;
    const pump = (async (): Promise<void> => {
      for (; taken < 16 * 1024 * 1024; taken += 64 * 1024) await piped.session.write(Buffer.alloc(64 * 1024));
    })();
    await delay(1_000);
    const held = taken;
    await delay(500);
    expect(taken).toBe(held);
    expect(taken).toBeLessThan(2 * 1024 * 1024);
    await piped.session.end();
    await pump;
    expect(await piped.ended).toMatchObject({ reason: 'closed' });
    await untilIdle();
  });

  test('passes 64 MiB through both ways while its output pauses now and then', async () => {
    const wanted = createHash('sha256');
    const found = createHash('sha256');
    const { promise: ended, resolve: end } = Promise.withResolvers<SessionEnd>();
    let session: Session | null = null;
    let since = 0;
    let pauses = 0;
    const opened = await fixture.engine.openSession(
      { kind: 'shell', projectId, size, command: ['cat'], terminal: false },
      {
        onData: (bytes) => {
          found.update(bytes);
          since += bytes.length;
          if (since < 8 * 1024 * 1024) return;
          since = 0;
          pauses += 1;
          session?.pause();
          setTimeout(() => session?.resume(), 100);
        },
        onEnd: end,
      },
    );
    if (!opened.ok) throw new Error(opened.failure.message);
    session = opened.value;
    for (let piece = 0; piece < 64; piece++) {
      const bytes = randomBytes(1024 * 1024);
      wanted.update(bytes);
      await session.write(bytes);
    }
    session.endInput();
    expect(await ended).toEqual({ reason: 'exited', exitCode: 0 });
    expect(pauses).toBeGreaterThanOrEqual(7);
    expect(found.digest('hex')).toBe(wanted.digest('hex'));
  });

  test('says why a program can not be started', async () => {
    const piped = await open('no-such-program');
    expect(await piped.ended).toEqual({ reason: 'exited', exitCode: 127 });
    expect(piped.errors()).toContain('no-such-program');
    expect(piped.output()).toBe('');
  });

  test('leaves nothing in the container, closed or ended by itself', async () => {
    const script = 'nohup sleep 1009 & (sleep 1010 &) ; trap "" HUP TERM; echo ready; sleep 1011; true';
    const piped = await open('bash', '-c', script);
    await piped.printed('ready');
    // The shell itself and its three: the last one comes after the word.
    await expect.poll(async () => (await processes()).filter((command) => command.includes('sleep'))).toHaveLength(4);
    await piped.session.end();
    expect(await piped.ended).toMatchObject({ reason: 'closed' });
    await untilIdle();

    // What holds its outputs open is not waited for: the engine lets go 2 s after the program.
    const left = await open('sh', '-c', 'sleep 1012 & (sleep 1013 &) ; exit 5');
    expect(await left.ended).toEqual({ reason: 'exited', exitCode: 5 });
    await untilIdle();
  });

  test('ends with the container, and says so', async () => {
    const piped = await open('cat');
    const { container } = fixture.project(projectId);
    if (container.status === 'missing') throw new Error('no container');
    await fixture.client.getContainer(container.id).kill();
    expect(await piped.ended).toMatchObject({ reason: 'container-stopped' });
    expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
  });
});

test('on a terminal the end of input is nothing, and the one output comes as such', async () => {
  const shell = await fixture.openSession({ kind: 'shell', projectId, size, command: ['cat'] });
  shell.session.endInput();
  await shell.session.write(Buffer.from('still\n'));
  await shell.printed(/still\r\nstill\r\n/u);
  await shell.session.end();
});
