import { expect, test } from 'vitest';
import { nowMs, operationOf } from '../fake/snapshots.ts';
import { plainStyle, styleFor } from '../text/style.ts';
import { displayWidth } from '../text/width.ts';
import { renderProgressLine, renderStepLine } from './render.ts';

const pulling = operationOf({
  step: 'pulling-image',
  progress: { doneBytes: 120_000_000, totalBytes: 193_000_000, detail: '3 of 7 layers' },
});

test('a live line says step, share, bytes, layers and time', () => {
  expect(renderProgressLine(pulling, nowMs + 12_000, 120, plainStyle)).toBe(
    'Pulling the image  [============--------]  62%  120 MB of 193 MB  3 of 7 layers  12 s',
  );
  expect(renderProgressLine(operationOf(), nowMs + 400, 80, plainStyle)).toBe('Starting the container  0.4 s');
  const unknown = operationOf({
    step: 'building-image',
    progress: { doneBytes: 0, totalBytes: null, detail: 'Step 2/5' },
  });
  expect(renderProgressLine(unknown, nowMs + 1000, 80, plainStyle)).toBe('Building the image  Step 2/5  1.0 s');
});

test('it never fills the last column, whatever the width; what matters least goes first', () => {
  for (let columns = 2; columns < 130; columns += 1) {
    const line = renderProgressLine(pulling, nowMs + 12_000, columns, plainStyle);
    expect(displayWidth(line)).toBeLessThan(columns);
  }
  expect(renderProgressLine(pulling, nowMs, 30, plainStyle)).toBe('Pulling the image  62%  0.0 s');
});

test('colour only where a terminal takes it', () => {
  expect(renderProgressLine(pulling, nowMs, 120, styleFor(true, {}))).toContain('\u001b[34m');
  for (const style of [styleFor(true, { NO_COLOR: '1' }), styleFor(false, {}), styleFor(true, { TERM: 'dumb' })]) {
    expect(renderProgressLine(pulling, nowMs, 120, style)).not.toContain('\u001b');
  }
});

test('hostile details are escaped', () => {
  const hostile = operationOf({
    subject: 'a\nb',
    progress: { doneBytes: 0, totalBytes: null, detail: '\u001b]0;x\u0007' },
  });
  expect(renderProgressLine(hostile, nowMs, 200, plainStyle)).not.toContain('\u001b');
  expect(renderStepLine(hostile)).toBe(String.raw`a\nb: starting the container`);
});
