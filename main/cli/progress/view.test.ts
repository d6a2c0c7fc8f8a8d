import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeIo } from '../fake/fake-io.ts';
import { nowMs, operationOf } from '../fake/snapshots.ts';
import { createProgressView } from './view.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: nowMs });
});
afterEach(() => {
  vi.useRealTimers();
});

function terminal(): FakeIo {
  const io = new FakeIo({ isTty: true });
  io.nowMs = () => Date.now();
  return io;
}

const redraws = (io: FakeIo): number => io.stderr.split('Starting').length - 1;

test('short work shows nothing at all', () => {
  const io = terminal();
  const view = createProgressView(io);
  view.show(operationOf());
  vi.advanceTimersByTime(299);
  view.end();
  vi.advanceTimersByTime(5000);
  expect(io.stderr).toBe('');
});

test('it is redrawn ten times per second at most, and the time goes on by itself', () => {
  const io = terminal();
  const view = createProgressView(io);
  for (let index = 0; index < 2000; index += 1) {
    view.show(operationOf());
    vi.advanceTimersByTime(1);
  }
  expect(redraws(io)).toBeGreaterThan(10);
  expect(redraws(io)).toBeLessThanOrEqual(18);
  const before = redraws(io);
  vi.advanceTimersByTime(3000);
  expect(redraws(io)).toBe(before + 3);
  view.end();
  expect(io.stderr.endsWith('\r\u001b[2K')).toBe(true);
});

test('elsewhere: one plain line per step', () => {
  const io = new FakeIo();
  const view = createProgressView(io);
  view.show(operationOf({ step: 'checking' }));
  view.show(operationOf({ step: 'pulling-image', progress: { doneBytes: 1, totalBytes: 2, detail: 'x' } }));
  view.show(operationOf({ step: 'pulling-image', progress: { doneBytes: 2, totalBytes: 2, detail: 'y' } }));
  view.show(operationOf());
  view.end();
  expect(io.stderr).toBe('acme: checking\nacme: pulling the image\nacme: starting the container\n');
});
