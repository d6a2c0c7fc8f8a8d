import { Duplex } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import type { SessionEnd, TerminalSize } from '../../../preload/contract/session.ts';
import type { Session } from '../engine.ts';
import { startExecSession, type ExecPort } from './exec-session.ts';
import type { SessionLeader } from './wrapper.ts';

const announcement = '\x1e4711:99\x1e';

/** Stands for the engine's exec stream: the test is the container's side. */
class FakeExecPort implements ExecPort {
  readonly written: string[] = [];
  readonly sizes: TerminalSize[] = [];
  code: number | null | Error = 0;
  /** Called when the stream wants more. */
  more: () => void = () => undefined;
  readonly stream = new Duplex({
    read: () => this.more(),
    write: (chunk: Buffer, _encoding, done) => {
      this.written.push(chunk.toString());
      done();
    },
  });

  prints(text: string): void {
    this.stream.push(text);
  }
  ends(): void {
    this.stream.push(null);
  }
  async resize(size: TerminalSize): Promise<void> {
    this.sizes.push(size);
    if (size.rows === 0) throw new Error('no such size');
  }
  async exitCode(): Promise<number | null> {
    if (this.code instanceof Error) throw this.code;
    return this.code;
  }
}

/** Lets streams deliver what they have. */
const settled = async (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

interface Opened {
  readonly session: Session;
  readonly leader: SessionLeader;
  readonly ended: Promise<void>;
}

function open(options: { containerIsUp?: boolean; endProcesses?: () => Promise<void> } = {}) {
  const port = new FakeExecPort();
  const log: string[] = [];
  const endProcesses = vi.fn(options.endProcesses ?? (async () => undefined));
  const ends: SessionEnd[] = [];
  let text = '';
  const opening: Promise<Opened> = startExecSession({
    id: 'session-1',
    port,
    sink: {
      onData: (bytes) => {
        expect(ends).toEqual([]);
        text += Buffer.from(bytes).toString();
      },
      onEnd: (end) => void ends.push(end),
    },
    endProcesses,
    containerIsUp: async () => options.containerIsUp ?? true,
    log: (line) => log.push(line),
  });
  return { port, opening, log, endProcesses, ends, text: () => text };
}

async function opened(options: Parameters<typeof open>[0] = {}) {
  const all = open(options);
  all.port.prints(announcement);
  return { ...all, ...(await all.opening) };
}

describe('what a session prints', () => {
  it('leaves the event loop its turns, however much there is to read', async () => {
    const { port, text, ended } = await opened();
    const piece = Buffer.alloc(64 * 1024, 'x');
    let left = 200;
    // As a socket under a flood: there is always more.
    port.more = () => {
      left -= 1;
      port.stream.push(left > 0 ? piece : null);
    };
    const turns: number[] = [];
    port.stream.push(piece);
    for (let before = 0; before < 200 * piece.length; before = text().length) {
      await new Promise((resolve) => void setImmediate(resolve));
      turns.push(text().length - before);
    }
    await ended;
    expect(text()).toHaveLength(200 * piece.length);
    expect(Math.max(...turns)).toBeLessThanOrEqual(4 * piece.length);
  });

  it('stays where it is while it is paused, over any number of turns', async () => {
    const { port, text, session } = await opened();
    const piece = Buffer.alloc(64 * 1024, 'x');
    port.more = () => void port.stream.push(piece);
    port.stream.push(piece);
    await settled();
    session.pause();
    session.pause();
    await settled();
    const before = text().length;
    expect(before).toBeGreaterThan(0);
    await settled();
    expect(text().length).toBe(before);
    session.resume();
    await settled();
    expect(text().length).toBeGreaterThan(before);
    session.pause();
    await session.end();
  });

  it('comes without the announcement, before and after it', async () => {
    const { port, opening, text } = open();
    port.prints('noise ');
    await settled();
    port.prints(`more ${announcement}after`);
    const { leader } = await opening;
    expect(leader).toEqual({ processId: 4711, startTicks: '99' });
    port.prints(', later');
    await settled();
    expect(text()).toBe('noise more after, later');
  });

  it('comes whole where the announcement comes byte by byte', async () => {
    const { port, opening, text } = open();
    for (const byte of `${announcement}$ `) {
      port.prints(byte);
      await settled();
    }
    await opening;
    await settled();
    expect(text()).toBe('$ ');
  });

  it('comes whole where all of it comes in one tick with the announcement, its end too', async () => {
    const { port, opening, text, ends } = open();
    port.prints(announcement);
    for (let at = 0; at < 100; at++) port.prints(`${at},`);
    port.ends();
    const { ended } = await opening;
    await ended;
    expect(text()).toBe(Array.from({ length: 100 }, (_, at) => `${at},`).join(''));
    expect(ends).toEqual([{ reason: 'exited', exitCode: 0 }]);
  });

  it('waits while it is paused, and nothing of it is lost', async () => {
    const { port, session, text } = await opened();
    session.pause();
    port.prints('held');
    await settled();
    expect(text()).toBe('');
    session.resume();
    await settled();
    expect(text()).toBe('held');
  });
});

describe('what is sent to a session', () => {
  it('arrives, and is dropped once it has ended', async () => {
    const { port, session, ended } = await opened();
    void session.write(Buffer.from('ls\r'));
    expect(port.written).toEqual(['ls\r']);
    port.ends();
    await ended;
    void session.write(Buffer.from('late'));
    expect(port.written).toEqual(['ls\r']);
  });

  it('resizes one at a time, and ends with the size that was asked for last', async () => {
    const { port, opening } = open();
    port.prints(announcement);
    const { session } = await opening;
    const answers: (() => void)[] = [];
    const asked: number[] = [];
    port.resize = async ({ rows }) => {
      asked.push(rows);
      await new Promise<void>((resolve) => answers.push(resolve));
    };
    for (const rows of [1, 2, 3]) session.resize({ rows, columns: 80 });
    await settled();
    expect(asked).toEqual([1]);
    answers[0]?.();
    await settled();
    expect(asked).toEqual([1, 3]);
    answers[1]?.();
    await settled();
    session.resize({ rows: 4, columns: 80 });
    expect(asked).toEqual([1, 3, 4]);
  });

  it('may be a size; one that is refused is logged only', async () => {
    const { port, session, log } = await opened();
    session.resize({ rows: 5, columns: 6 });
    session.resize({ rows: 0, columns: 0 });
    await settled();
    expect(port.sizes[0]).toEqual({ rows: 5, columns: 6 });
    expect(log).toEqual(['session session-1: resize: no such size']);
  });
});

describe('the end of a session', () => {
  it.each<[string, FakeExecPort['code'], boolean, SessionEnd]>([
    ['the program exited', 0, true, { reason: 'exited', exitCode: 0 }],
    ['it failed', 3, true, { reason: 'exited', exitCode: 3 }],
    ['it failed as the container stopped', 3, false, { reason: 'exited', exitCode: 3 }],
    ['it was killed', 137, true, { reason: 'exited', exitCode: 137 }],
    ['its container stopped', 137, false, { reason: 'container-stopped', exitCode: 137 }],
    ['its container stopped, and the engine can’t tell the code', null, false, { reason: 'container-stopped' }],
    ['the engine can’t tell', null, true, { reason: 'engine-lost' }],
    ['the engine is gone', new Error('gone'), true, { reason: 'engine-lost' }],
  ])('where %s', async (_what, code, containerIsUp, end) => {
    const { port, ended, ends } = await opened({ containerIsUp });
    port.code = code;
    port.ends();
    await ended;
    await settled();
    expect(ends).toEqual([end]);
  });

  it('by an error of the stream is the engine’s loss, and logged', async () => {
    const { port, ended, ends, log } = await opened();
    port.stream.destroy(new Error('reset'));
    await ended;
    expect(ends).toEqual([{ reason: 'engine-lost' }]);
    expect(log).toEqual(['session session-1: reset']);
  });

  it('by a close without an end is told too', async () => {
    const { port, ended, ends } = await opened();
    port.stream.destroy();
    await ended;
    expect(ends).toEqual([{ reason: 'exited', exitCode: 0 }]);
  });

  it('by us ends its processes once, then the stream, and says so', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { port, session, ended, ends, endProcesses } = await opened({ endProcesses: async () => promise });
    port.code = 129;
    const ending = Promise.all([session.end(), session.end()]);
    await settled();
    expect(endProcesses).toHaveBeenCalledTimes(1);
    expect(endProcesses).toHaveBeenCalledWith({ processId: 4711, startTicks: '99' });
    expect(port.stream.destroyed).toBe(false);
    resolve();
    await ending;
    await ended;
    await session.end();
    expect(port.stream.destroyed).toBe(true);
    expect(endProcesses).toHaveBeenCalledTimes(1);
    expect(ends).toEqual([{ reason: 'closed', exitCode: 129 }]);
  });

  it('by us comes though it was paused and the engine can’t tell the code', async () => {
    const { port, session, ended, ends } = await opened();
    session.pause();
    port.prints('unread');
    port.code = new Error('gone');
    await session.end();
    await ended;
    expect(ends).toEqual([{ reason: 'closed' }]);
  });
});

describe('a session that does not come to be', () => {
  it.each([
    ['short words', 'no such file', 'no such file'],
    ['many words', 'OCI runtime exec failed: '.repeat(20), 'OCI runtime exec failed:'],
    ['none', '', 'it ended at once'],
  ])('fails with the container’s words: %s', async (_what, words, reason) => {
    const { port, opening, ends } = open();
    if (words !== '') port.prints(words);
    port.ends();
    await expect(opening).rejects.toMatchObject({
      failure: { code: 'session-failed', message: expect.stringContaining(reason) },
    });
    expect(ends).toEqual([]);
  });

  it.each([
    ['an error', new Error('reset')],
    ['nothing said', undefined],
  ])('fails where the stream closes with %s', async (_what, error) => {
    const { port, opening } = open();
    port.stream.destroy(error);
    await expect(opening).rejects.toMatchObject({ failure: { code: 'session-failed' } });
  });
});
