import { Terminal as Headless } from '@xterm/headless';
import { describe, expect, it, vi } from 'vitest';
import type { SessionEnd } from '../../preload/contract/session.ts';
import { acknowledgeEveryBytes } from '../../preload/contract/terminal-limits.ts';
import { terminalBounds } from '../engine/terminal/acknowledged-window.ts';
import { openTerminal } from './terminal.ts';

const size = { rows: 10, columns: 40 };

async function setUp() {
  const session = {
    id: 'session-0',
    write: vi.fn<() => Promise<void>>(async () => undefined),
    endInput: vi.fn<() => void>(),
    resize: vi.fn<() => void>(),
    pause: vi.fn<() => void>(),
    resume: vi.fn<() => void>(),
    end: vi.fn<() => Promise<void>>(async () => undefined),
  };
  const told: string[] = [];
  const sent: Uint8Array[] = [];
  /** Each screen that was shown, in its pieces. */
  const screens: Uint8Array[][] = [];
  /** How much had been told when each of them began. */
  const toldBefore: number[] = [];
  const terminal = await openTerminal<string>({
    session,
    size,
    scrollbackLines: () => 100,
    send: (viewer, bytes) => {
      told.push(`${viewer}: ${Buffer.from(bytes).toString()}`);
      sent.push(bytes);
    },
    showScreen: (_viewer, { bytes, isFirst }) => {
      if (isFirst) {
        screens.push([]);
        toldBefore.push(told.length);
      }
      screens.at(-1)?.push(bytes);
    },
    tellEnd: (viewer, end: SessionEnd) => told.push(`${viewer} ends: ${end.reason}`),
    tellTaken: (viewer) => told.push(`${viewer} is taken from`),
  });
  return { terminal, session, told, sent, screens, toldBefore };
}

async function shown(...parts: readonly Uint8Array[]): Promise<string> {
  const screen = new Headless({ rows: size.rows, cols: size.columns, allowProposedApi: true });
  for (const part of parts) await new Promise<void>((resolve) => screen.write(part, resolve));
  const lines = Array.from({ length: size.rows }, (_, row) =>
    screen.buffer.active.getLine(screen.buffer.active.baseY + row)?.translateToString(true),
  );
  return lines.join('\n').trim();
}

describe('a terminal and its viewers', () => {
  it('gives the screen, then what follows, also what came while it was drawn', async () => {
    const { terminal, told, screens } = await setUp();
    terminal.add(Buffer.from('before '));
    const attached = terminal.attach('one', size, false);
    terminal.add(Buffer.from('during '));
    await attached;
    expect(told).toEqual(['one: during ']);
    terminal.add(Buffer.from('after'));
    expect(await shown(...(screens[0] ?? []), Buffer.from(told.join('').replaceAll('one: ', '')))).toBe(
      'before during after',
    );
  });

  it('sends to the last viewer only, and tells the one before', async () => {
    const { terminal, told } = await setUp();
    const first = terminal.attach('one', size, false);
    const second = terminal.attach('two', size, false);
    await Promise.all([first, second]);
    terminal.detach('one');
    terminal.add(Buffer.from('x'));
    expect(told).toEqual(['one is taken from', 'two: x']);
  });

  it('sends the last bytes before it tells the end, though they wait for an acknowledgement', async () => {
    const { terminal, told } = await setUp();
    await terminal.attach('one', size, false);
    terminal.add(Buffer.alloc(acknowledgeEveryBytes, 'x'));
    terminal.add(Buffer.from('tail'));
    expect(told).toHaveLength(1);
    terminal.finish({ reason: 'exited', exitCode: 0 });
    expect(told.slice(1)).toEqual(['one: tail', 'one ends: exited']);
  });

  it('tells a late viewer how it ended, after the screen', async () => {
    const { terminal, told, screens } = await setUp();
    terminal.add(Buffer.from('last words'));
    terminal.finish({ reason: 'exited', exitCode: 0 });
    await terminal.attach('one', size, false);
    expect(await shown(...(screens[0] ?? []))).toBe('last words');
    expect(told).toEqual(['one ends: exited']);
  });

  it('draws a window anew that missed output while it was hidden, and never paused for it', async () => {
    const { terminal, session, sent, screens } = await setUp();
    await terminal.attach('one', size, false);
    await terminal.setHidden('one', true);
    for (let piece = 0; piece < 20; piece += 1) terminal.add(Buffer.from('\u001B[31mflood\r\n'.repeat(10_000)));
    terminal.add(Buffer.from('\u001B[2J\u001B[Hthe end'));
    expect(session.pause).not.toHaveBeenCalled();
    expect(Buffer.concat(sent).length).toBeLessThan(terminalBounds.pauseAboveBytes);
    await terminal.setHidden('one', false);
    expect(screens).toHaveLength(2);
    expect(await shown(...(screens[1] ?? []))).toBe('the end');
    terminal.add(Buffer.from('.'));
    expect(Buffer.from(sent.at(-1) ?? []).toString()).toBe('.');
  });

  it('treats a tab in the back as hidden, until it is shown or attached to again', async () => {
    const { terminal, session, screens, sent } = await setUp();
    await terminal.attach('one', size, false);
    await terminal.setInView('one', false);
    for (let piece = 0; piece < 20; piece += 1) terminal.add(Buffer.from('\u001B[31mflood\r\n'.repeat(10_000)));
    expect(session.pause).not.toHaveBeenCalled();
    await terminal.setHidden('one', false);
    await terminal.setInView('other', true);
    expect(screens).toHaveLength(1);
    await terminal.setInView('one', true);
    expect(screens).toHaveLength(2);
    await terminal.setInView('one', false);
    await terminal.attach('one', size, false);
    const before = sent.length;
    for (let piece = 0; piece < 3; piece += 1) terminal.add(Buffer.alloc(10, 'x'));
    expect(sent.slice(before)).toHaveLength(3);
  });

  it('tells an end that comes while the screen is drawn behind that screen', async () => {
    const { terminal, told, screens } = await setUp();
    await terminal.attach('one', size, false);
    await terminal.setHidden('one', true);
    for (let piece = 0; piece < 20; piece += 1) terminal.add(Buffer.from('\u001B[31mflood\r\n'.repeat(10_000)));
    const before = told.length;
    const shownAgain = terminal.setHidden('one', false);
    terminal.add(Buffer.from('last words'));
    terminal.finish({ reason: 'exited', exitCode: 0 });
    expect(told.slice(before)).toEqual([]);
    await shownAgain;
    expect(screens).toHaveLength(2);
    expect(told.slice(before)).toEqual(['one: last words', 'one ends: exited']);
  });

  it('shows a viewer that asks twice the last screen whole, and all that follows it once', async () => {
    const { terminal, told, screens, toldBefore } = await setUp();
    terminal.add(Buffer.from('\u001B[31mfirst\r\n'.repeat(5)));
    const first = terminal.attach('one', size, false);
    terminal.add(Buffer.from('between '));
    const second = terminal.attach('one', size, false);
    terminal.add(Buffer.from('after'));
    await Promise.all([first, second]);
    expect(told).toEqual(['one: after']);
    expect(toldBefore.at(-1)).toBe(0);
    const parts = [...(screens.at(-1) ?? []), Buffer.from('after')];
    expect(await shown(...parts)).toBe(`${'first\n'.repeat(5)}between after`);
  });

  it('is not read while another one is typed into, where it floods', async () => {
    vi.useFakeTimers();
    try {
      const { terminal, session } = await setUp();
      terminal.giveWay();
      expect(session.pause).not.toHaveBeenCalled();
      terminal.add(Buffer.from('plain text\r\n'.repeat(30_000)));
      // Whoever types on is given way on, though nothing comes meanwhile.
      for (let key = 0; key < 10; key += 1) {
        terminal.giveWay();
        vi.advanceTimersByTime(140);
      }
      expect(session.pause).toHaveBeenCalledTimes(1);
      expect(session.resume).not.toHaveBeenCalled();
      vi.advanceTimersByTime(10);
      expect(session.resume).toHaveBeenCalledTimes(1);
      terminal.giveWay();
      expect(session.pause).toHaveBeenCalledTimes(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('makes hostile counts smaller for screen and viewer', async () => {
    const { terminal, told } = await setUp();
    await terminal.attach('one', size, false);
    terminal.add(Buffer.from('x\u001B[2147483647b'));
    expect(told).toEqual(['one: x\u001B[1024b']);
  });
});
