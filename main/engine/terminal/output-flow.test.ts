import { Terminal } from '@xterm/headless';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { acknowledgeEveryBytes } from '../../../preload/contract/terminal-limits.ts';
import { shareSource, terminalBounds } from './acknowledged-window.ts';
import { toPiece } from './output-backlog.ts';
import { maxBatchBytes, maxPlainBytes, OutputFlow } from './output-flow.ts';
import { contentOf } from './testing/terminal-content.ts';

const { pauseAboveBytes, resumeBelowBytes } = terminalBounds;

/** A source that only remembers whether it reads, a flow, and what it sent. */
function open({ isHidden = false, lines = 1_000 } = {}) {
  const source = { isPaused: false, pauses: 0 };
  const sent: Uint8Array[] = [];
  const flow = new OutputFlow(
    {
      pause: () => {
        source.isPaused = true;
        source.pauses += 1;
      },
      resume: () => {
        source.isPaused = false;
      },
    },
    (bytes) => sent.push(bytes),
    () => lines,
  );
  flow.hold(isHidden);
  flow.letIn();
  return { source, flow, sent, sizes: () => sent.map(({ length }) => length) };
}

describe('output on its way to a viewer', () => {
  it('goes at once while less than one step is unacknowledged', () => {
    const { flow, sizes } = open();
    flow.push(toPiece(new Uint8Array(1)));
    flow.push(toPiece(new Uint8Array(acknowledgeEveryBytes - 2)));
    flow.push(toPiece(new Uint8Array(7)));
    expect(sizes()).toEqual([1, acknowledgeEveryBytes - 2, 7]);
  });

  it('is joined beyond that until it is acknowledged, or a batch is full', () => {
    const { flow, sizes } = open();
    flow.push(toPiece(new Uint8Array(acknowledgeEveryBytes)));
    flow.push(toPiece(new Uint8Array(10)));
    flow.push(toPiece(new Uint8Array(20)));
    expect(sizes()).toEqual([acknowledgeEveryBytes]);
    flow.acknowledge(acknowledgeEveryBytes);
    expect(sizes()).toEqual([acknowledgeEveryBytes, 30]);
    flow.push(toPiece(new Uint8Array(acknowledgeEveryBytes)));
    flow.push(toPiece(new Uint8Array(maxBatchBytes - 1)));
    flow.push(toPiece(new Uint8Array(1)));
    expect(sizes().slice(2)).toEqual([acknowledgeEveryBytes, maxBatchBytes]);
  });

  it('pauses its source above the upper bound and resumes it below the lower one', () => {
    const { flow, source, sent } = open();
    const piece = 16 * 1024;
    while (!source.isPaused) flow.push(toPiece(new Uint8Array(piece)));
    const total = sent.reduce((sum, { length }) => sum + length, 0);
    expect(total).toBeLessThanOrEqual(pauseAboveBytes + piece);
    flow.flush();
    flow.acknowledge(pauseAboveBytes + piece - resumeBelowBytes);
    expect(source.isPaused).toBe(true);
    flow.acknowledge(1);
    expect(source).toEqual({ isPaused: false, pauses: 1 });
  });

  it('tells a viewer that claims more than it was sent', () => {
    const { flow } = open();
    flow.push(toPiece(new Uint8Array(5)));
    expect(flow.acknowledge(6)).toBe(false);
    expect(flow.acknowledge(1)).toBe(false);
  });

  it('waits for the viewer to have its screen, and is gone with a viewer that leaves', () => {
    const { flow, sizes, source } = open();
    flow.leave();
    flow.push(toPiece(new Uint8Array(1)));
    flow.hold(false);
    flow.push(toPiece(new Uint8Array(2)));
    flow.push(toPiece(new Uint8Array(3)));
    expect(sizes()).toEqual([]);
    flow.letIn();
    expect(sizes()).toEqual([5]);
    flow.push(toPiece(new Uint8Array(pauseAboveBytes)));
    expect(source.isPaused).toBe(true);
    flow.leave();
    expect(source.isPaused).toBe(false);
  });

  it('never pauses for a hidden viewer, which misses what is beyond the bound and is told so', () => {
    const { flow, source, sizes } = open({ isHidden: true });
    for (let piece = 0; piece < 100; piece += 1) flow.push(toPiece(new Uint8Array(maxBatchBytes)));
    expect(source.pauses).toBe(0);
    expect(sizes().reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(pauseAboveBytes);
    expect(flow.setHidden(false)).toBe(true);
    flow.hold(false);
    flow.letIn();
    const before = sizes().length;
    flow.push(toPiece(new Uint8Array(1)));
    expect(sizes().slice(before)).toEqual([1]);
  });

  it('resumes a source that was paused when the viewer was hidden', () => {
    const { flow, source } = open();
    flow.push(toPiece(new Uint8Array(pauseAboveBytes + 1)));
    expect(source.isPaused).toBe(true);
    expect(flow.setHidden(true)).toBe(false);
    expect(source.isPaused).toBe(false);
  });

  it('sends every byte once and in order, for any pieces and any pattern of acknowledgements, and never gets stuck', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ push: fc.integer({ min: 1, max: 100_000 }) }),
        // What the viewer has shown meanwhile, as a part of what it was sent.
        fc.record({ shown: fc.double({ min: 0, max: 1, noNaN: true }) }),
      ),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(steps, (script) => {
        const { flow, source, sent } = open();
        let pushed = 0;
        let shown = 0;
        let told = 0;
        const pending: number[] = [];
        const sentBytes = (): number => sent.reduce((sum, { length }) => sum + length, 0);
        const feed = (): void => {
          while (!source.isPaused) {
            const size = pending.shift();
            if (size === undefined) return;
            flow.push(toPiece(Uint8Array.from({ length: size }, (_, at) => (pushed + at) % 251)));
            pushed += size;
          }
        };
        const show = (bytes: number): void => {
          shown += bytes;
          if (shown - told < acknowledgeEveryBytes) return;
          expect(flow.acknowledge(shown - told)).toBe(true);
          told = shown;
        };
        for (const step of script) {
          if ('push' in step) {
            pending.push(step.push);
            feed();
          } else show(Math.floor((sentBytes() - shown) * step.shown));
          expect(pushed - told).toBeLessThanOrEqual(pauseAboveBytes + 100_000);
        }
        // The viewer shows all that it gets: then all arrives.
        while (shown < sentBytes()) {
          show(sentBytes() - shown);
          feed();
        }
        expect(pending).toEqual([]);
        expect(sentBytes()).toBe(pushed);
        expect(source.isPaused).toBe(false);
        const all = Buffer.concat(sent);
        expect(all.every((byte, at) => byte === at % 251)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a flood', () => {
  const line = Buffer.from('one of very many lines\r\n');
  const flood = (count: number): Uint8Array => Buffer.concat(Array.from({ length: count }, () => line));

  it('of plain text runs as if nobody looked, and only lines are left out that the scrollback would not hold', () => {
    vi.useFakeTimers();
    try {
      const { flow, source, sizes } = open({ lines: 1_000 });
      const sentBytes = (): number => sizes().reduce((sum, length) => sum + length, 0);
      let shown = 0;
      let sentAtFlood = 0;
      for (let piece = 0; piece < 1_000; piece += 1) {
        flow.push(toPiece(flood(1_000)));
        if (piece === 50) sentAtFlood = sentBytes();
        // Half as fast as it comes.
        flow.acknowledge(Math.min(12_000, sentBytes() - shown));
        shown = Math.min(shown + 12_000, sentBytes());
        vi.advanceTimersByTime(1);
      }
      expect(source.pauses).toBe(0);
      const atEnd = sentBytes();
      // A batch in 66 ms; the first ones went before anything had to be skipped.
      expect(atEnd - sentAtFlood).toBeLessThan((1_000 / 66 + 1) * 32 * 1024);
      flow.acknowledge(atEnd - shown);
      // The first look may still see the last bytes, the second sees none: then all that waits goes out.
      vi.advanceTimersByTime(10);
      expect(sentBytes() - atEnd).toBeGreaterThan((1_000 - 3) * line.length);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('that becomes less than a viewer can show is shown as it comes', () => {
    vi.useFakeTimers();
    try {
      const { flow, sizes } = open({ lines: 1_000 });
      const sentBytes = (): number => sizes().reduce((sum, length) => sum + length, 0);
      for (let piece = 0; piece < 50; piece += 1) flow.push(toPiece(flood(1_000)));
      flow.acknowledge(sentBytes());
      let shown = sentBytes();
      // 2.4 MB in a second, where the pace of a flood would be a fifth of it.
      for (let ms = 0; ms < 1_000; ms += 1) {
        flow.push(toPiece(flood(100)));
        flow.acknowledge(sentBytes() - shown);
        shown = sentBytes();
        vi.advanceTimersByTime(1);
      }
      expect(shown).toBeGreaterThan(990 * 100 * line.length);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends with the first bytes that are no plain text: a prompt waits for no look', () => {
    vi.useFakeTimers();
    try {
      const { flow, sent } = open({ lines: 1_000 });
      for (let piece = 0; piece < 50; piece += 1) flow.push(toPiece(flood(1_000)));
      flow.acknowledge(sent.reduce((sum, { length }) => sum + length, 0));
      flow.push(toPiece(Buffer.from('\u001B[1m$ ')));
      expect(Buffer.concat(sent).toString()).toMatch(/\$ $/u);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is left alone for a moment after a key that ends programs, and after no other', () => {
    vi.useFakeTimers();
    try {
      const { flow, sent } = open({ lines: 1_000 });
      const run = (ms: number): number => {
        const before = sent.length;
        for (let at = 0; at < ms; at += 1) {
          flow.push(toPiece(flood(1_000)));
          vi.advanceTimersByTime(1);
        }
        const bytes = sent.slice(before).reduce((sum, { length }) => sum + length, 0);
        flow.acknowledge(bytes);
        return sent.length - before;
      };
      run(50);
      flow.typed(Buffer.from('c'));
      expect(run(140)).toBe(2);
      flow.typed(Buffer.from('\u0003'));
      expect(run(140)).toBe(0);
      expect(run(140)).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('whose lines of the scrollback are too many to wait pauses its source, as one that is not plain does', () => {
    const long = open({ lines: 100_000 });
    while (!long.source.isPaused) long.flow.push(toPiece(flood(100)));
    const coloured = open({ lines: 1_000 });
    let bytes = 0;
    while (!coloured.source.isPaused) {
      coloured.flow.push(toPiece(Buffer.concat([Buffer.from('\u001B[31m'), flood(100)])));
      bytes += 100 * line.length + 5;
    }
    expect(bytes).toBeLessThan(pauseAboveBytes + 200 * line.length);
    expect(maxPlainBytes).toBeGreaterThan(pauseAboveBytes);
  });

  it('is sent to a viewer that does not look little by little, and at once when it looks', () => {
    vi.useFakeTimers();
    try {
      const { flow, sizes } = open({ isHidden: true, lines: 1_000_000 });
      for (let piece = 0; piece < 100; piece += 1) flow.push(toPiece(flood(100)));
      expect(sizes()).toHaveLength(1);
      flow.acknowledge(sizes()[0] ?? 0);
      expect(sizes()).toHaveLength(1);
      vi.advanceTimersByTime(16);
      expect(sizes()).toHaveLength(2);
      vi.advanceTimersByTime(1_000);
      expect(sizes().reduce((sum, length) => sum + length, 0)).toBeLessThan(3 * acknowledgeEveryBytes);
      flow.setHidden(false);
      expect(sizes().reduce((sum, length) => sum + length, 0)).toBeGreaterThan(2 * maxBatchBytes);
    } finally {
      vi.useRealTimers();
    }
  });

  it('leaves a terminal as one that got every byte, whatever is printed and however slowly it is shown', async () => {
    const lines = 30;
    const size = { rows: 6, cols: 20, scrollback: lines - 6, allowProposedApi: true };
    const text = fc.oneof(
      fc.constantFrom(
        'a line\r\n',
        'one that is wider than the terminal is\r\n',
        '\tä日本\r\n',
        'half',
        'bare\n',
        '\r\n',
      ),
      fc.constantFrom('\u001B[31m', '\u001B[3;5r', '\u001B[?1049h', '\u001B[?1049l', '\u001B[2;3H', '\u0007', '\b'),
    );
    const script = fc.array(
      fc.record({
        text,
        pieceBytes: fc.constantFrom(61, 4_093),
        times: fc.constantFrom(1, 3, 200, 8_000),
        shown: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const { flow, sent } = open({ lines });
        const all: Uint8Array[] = [];
        let shown = 0;
        for (const step of steps) {
          const bytes = Buffer.from(step.text.repeat(step.times));
          for (let at = 0; at < bytes.length; at += step.pieceBytes) {
            all.push(bytes.subarray(at, at + step.pieceBytes));
            flow.push(toPiece(bytes.subarray(at, at + step.pieceBytes)));
          }
          const unshown = Math.floor((sent.reduce((sum, { length }) => sum + length, 0) - shown) * step.shown);
          shown += unshown;
          if (unshown > 0) flow.acknowledge(unshown);
        }
        flow.flush();
        expect(await contentOf(new Terminal(size), sent)).toEqual(await contentOf(new Terminal(size), all));
      }),
      { numRuns: 60 },
    );
  });
});

describe('a source that several windows share', () => {
  it('reads while none of them has paused it', () => {
    const calls: string[] = [];
    const share = shareSource({ pause: () => calls.push('pause'), resume: () => calls.push('resume') });
    const [one, other] = [share(), share()];
    one.pause();
    one.pause();
    other.pause();
    one.resume();
    one.resume();
    expect(calls).toEqual(['pause']);
    other.resume();
    expect(calls).toEqual(['pause', 'resume']);
  });
});
