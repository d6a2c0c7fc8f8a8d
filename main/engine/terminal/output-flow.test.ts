import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acknowledgeEveryBytes } from '../../../preload/contract/terminal-limits.ts';
import { shareSource, terminalBounds } from './acknowledged-window.ts';
import { maxBatchBytes, OutputFlow } from './output-flow.ts';

const { pauseAboveBytes, resumeBelowBytes } = terminalBounds;

/** A source that only remembers whether it reads, a flow, and what it sent. */
function open({ isHidden = false } = {}) {
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
  );
  flow.hold(isHidden);
  flow.letIn();
  return { source, flow, sent, sizes: () => sent.map(({ length }) => length) };
}

describe('output on its way to a viewer', () => {
  it('goes at once while less than one step is unacknowledged', () => {
    const { flow, sizes } = open();
    flow.push(new Uint8Array(1));
    flow.push(new Uint8Array(acknowledgeEveryBytes - 2));
    flow.push(new Uint8Array(7));
    expect(sizes()).toEqual([1, acknowledgeEveryBytes - 2, 7]);
  });

  it('is joined beyond that until it is acknowledged, or a batch is full', () => {
    const { flow, sizes } = open();
    flow.push(new Uint8Array(acknowledgeEveryBytes));
    flow.push(new Uint8Array(10));
    flow.push(new Uint8Array(20));
    expect(sizes()).toEqual([acknowledgeEveryBytes]);
    flow.acknowledge(acknowledgeEveryBytes);
    expect(sizes()).toEqual([acknowledgeEveryBytes, 30]);
    flow.push(new Uint8Array(acknowledgeEveryBytes));
    flow.push(new Uint8Array(maxBatchBytes - 1));
    flow.push(new Uint8Array(1));
    expect(sizes().slice(2)).toEqual([acknowledgeEveryBytes, maxBatchBytes]);
  });

  it('pauses its source above the upper bound and resumes it below the lower one', () => {
    const { flow, source, sent } = open();
    const piece = 16 * 1024;
    while (!source.isPaused) flow.push(new Uint8Array(piece));
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
    flow.push(new Uint8Array(5));
    expect(flow.acknowledge(6)).toBe(false);
    expect(flow.acknowledge(1)).toBe(false);
  });

  it('waits for the viewer to have its screen, and is gone with a viewer that leaves', () => {
    const { flow, sizes, source } = open();
    flow.leave();
    flow.push(new Uint8Array(1));
    flow.hold(false);
    flow.push(new Uint8Array(2));
    flow.push(new Uint8Array(3));
    expect(sizes()).toEqual([]);
    flow.letIn();
    expect(sizes()).toEqual([5]);
    flow.push(new Uint8Array(pauseAboveBytes));
    expect(source.isPaused).toBe(true);
    flow.leave();
    expect(source.isPaused).toBe(false);
  });

  it('never pauses for a hidden viewer, which misses what is beyond the bound and is told so', () => {
    const { flow, source, sizes } = open({ isHidden: true });
    for (let piece = 0; piece < 100; piece += 1) flow.push(new Uint8Array(maxBatchBytes));
    expect(source.pauses).toBe(0);
    expect(sizes().reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(pauseAboveBytes);
    expect(flow.setHidden(false)).toBe(true);
    flow.hold(false);
    flow.letIn();
    const before = sizes().length;
    flow.push(new Uint8Array(1));
    expect(sizes().slice(before)).toEqual([1]);
  });

  it('resumes a source that was paused when the viewer was hidden', () => {
    const { flow, source } = open();
    flow.push(new Uint8Array(pauseAboveBytes + 1));
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
            flow.push(Uint8Array.from({ length: size }, (_, at) => (pushed + at) % 251));
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

describe('a source that several windows share', () => {
  it('reads while none of them has paused it', () => {
    const calls: string[] = [];
    const share = shareSource({ pause: () => calls.push('pause'), resume: () => calls.push('resume') });
    const [one, other] = [share(), share()];
    one.pause();
    other.pause();
    one.resume();
    expect(calls).toEqual(['pause']);
    other.resume();
    expect(calls).toEqual(['pause', 'resume']);
  });
});
