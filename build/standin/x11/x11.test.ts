import { describe, expect, test } from 'vitest';
import { parseAuthority, parseDisplay } from './display.ts';
import { encodeMessage, parseEvent } from './events.ts';
import { configureWindow, internAtom } from './requests.ts';

describe('a display', () => {
  test.each([
    [':0', '/tmp/.X11-unix/X0'],
    [':12.0', '/tmp/.X11-unix/X12'],
    ['unix:1', '/tmp/.X11-unix/X1'],
  ])('%s is the socket %s', (display, socket) => expect(parseDisplay(display).socket).toBe(socket));
  test.each([undefined, '', 'host:0', 'wayland-0'])(
    '%s can’t be opened, and is told in words that Playwright knows',
    (display) => {
      expect(() => parseDisplay(display)).toThrow('Unable to open X display');
    },
  );
});

test('an Xauthority file’s entries are read', () => {
  const field = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
  const entry = (display: string, data: string): Buffer =>
    Buffer.concat([
      Buffer.from([1, 0]),
      ...['host', display, 'MIT-MAGIC-COOKIE-1', data].map((text) => field(Buffer.from(text))),
    ]);
  const entries = parseAuthority(Buffer.concat([entry('0', 'cookie-0'), entry('7', 'cookie-7')]));
  expect(entries.map(({ display, data }) => [display, data.toString()])).toEqual([
    ['0', 'cookie-0'],
    ['7', 'cookie-7'],
  ]);
});

test('requests are whole words with their length', () => {
  const atom = internAtom('WM_NAME');
  expect([atom.length, atom.readUInt16LE(2), atom.readUInt16LE(4)]).toEqual([16, 4, 7]);
  const move = configureWindow(5, { x: -3, width: 100 });
  expect([move.readUInt32LE(4), move.readUInt32LE(8), move.readInt32LE(12), move.readUInt32LE(16)]).toEqual([
    5,
    1 | 4,
    -3,
    100,
  ]);
});

test('a message that is sent is read as it was meant', () => {
  expect(parseEvent(encodeMessage(7, 9, [1, 2, 0xff_ff_ff_ff]))).toEqual({
    type: 'message',
    window: 7,
    atom: 9,
    data: [1, 2, 0xff_ff_ff_ff, 0, 0],
  });
});
