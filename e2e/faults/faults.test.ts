import { expect, test } from 'vitest';
import { flipBits, openHostile, truncate } from './damage.ts';
import { fillDisk, whyNoSmallDisk } from './full-disk.ts';
import { killAtRandomPoints } from './kill.ts';
import { killWhilePushing } from './push-kill.ts';
import { swapUnderneath } from './swap.ts';
import type { FaultRow } from './tally.ts';
import { injections, injectFault, traceSteps, whyNoTrace } from './trace.ts';
import { raceWriters } from './two-writers.ts';

/** A small part of `npm run faults`. */
const timeoutMs = 180_000;

const expectHeld = (row: FaultRow, points: number): void => {
  expect(row).toMatchObject({ unreadable: 0, lost: 0, unnamed: 0, notRun: null, complaints: [] });
  expect(row.points).toBeGreaterThanOrEqual(points);
};

test('50 kills at random points of a save lose nothing that was told as saved', { timeout: timeoutMs }, async () => {
  expectHeld(await killAtRandomPoints(50, () => {}), 50);
});

test(
  '20 kills at random points of a save and its push lose nothing, and the next run asks nobody',
  {
    timeout: timeoutMs,
  },
  async () => {
    expectHeld(await killWhilePushing(20, () => {}), 40);
  },
);

test.skipIf(whyNoTrace() !== null).each(injections)(
  '$fault at calls of a save leaves the old or the new vault and a named error (needs strace)',
  { timeout: timeoutMs },
  async (injection) => {
    expectHeld(await injectFault(injection, injection.calls.length > 1 ? 8 : 1), 2);
  },
);

test.skipIf(whyNoTrace() !== null)(
  "a save makes new files that can be no one else's, and puts them in place only once they are flushed and read back (needs strace)",
  { timeout: timeoutMs },
  async () => {
    const steps = (name: string) => ['create', 'write', 'flush', 'read', 'rename'].map((step) => `${step} ${name}`);
    expect(await traceSteps()).toEqual([...steps('vault.tar.aes'), 'flush vault', ...steps('last-content.hash')]);
  },
);

test.skipIf(whyNoSmallDisk() !== null)(
  'a disk that fills up at any page leaves the old or the new vault (needs root)',
  { timeout: timeoutMs },
  async () => {
    expectHeld(await fillDisk(8), 8);
  },
);

test('damaged and hostile vaults are refused, and nothing is written', { timeout: timeoutMs }, async () => {
  expectHeld(await flipBits(100), 100);
  expectHeld(await truncate(7), 50);
  expectHeld(await openHostile(), 25);
});

test('two processes that save one vault lose no save of either', { timeout: timeoutMs }, async () => {
  expectHeld(await raceWriters(15), 30);
});

test('a file or folder that is swapped during a save is kept, and so is the save', { timeout: timeoutMs }, async () => {
  expectHeld(await swapUnderneath(4), 16);
});
