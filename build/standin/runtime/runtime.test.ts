import { describe, expect, test } from 'vitest';
import { schemeOf, toReal, toShown } from '../window/address.ts';
import { parseArguments } from './arguments.ts';
import { createEvent } from './event.ts';
import { guarded, GuardedEmitter } from './unimplemented.ts';

describe('the command line', () => {
  test('is taken apart as Playwright writes it', () => {
    const words = [
      '-r',
      'loader.js',
      '--no-sandbox',
      '--inspect=0',
      '--remote-debugging-port=0',
      '/app',
      '--hidden',
      '-r',
      'x',
    ];
    expect(parseArguments(words)).toMatchObject({
      preloads: ['loader.js'],
      app: '/app',
      inspectPort: 0,
      inspectWaits: false,
      debuggingPort: '0',
      switches: ['--no-sandbox'],
    });
  });

  test('asks for nothing that it does not name', () => {
    expect(parseArguments(['/app'])).toMatchObject({
      inspectPort: undefined,
      debuggingPort: undefined,
      switches: [],
      preloads: [],
    });
    expect(parseArguments([]).app).toBeUndefined();
    expect(parseArguments(['--inspect-brk', '/app'])).toMatchObject({ inspectPort: 9229, inspectWaits: true });
    expect(parseArguments(['--version']).printVersion).toBe(true);
  });

  test('what follows the app is the app’s', () => {
    expect(parseArguments(['/app', '--remote-debugging-port=1', '--inspect=1'])).toMatchObject({
      debuggingPort: undefined,
      inspectPort: undefined,
    });
  });
});

describe('an address of the app’s own scheme', () => {
  const schemes = new Set(['tazpod']);
  test.each(['tazpod://app/index.html', 'tazpod://app/a/b?c=1#d', 'tazpod://app/'])(
    '%s is shown as https and known again',
    (url) => {
      const shown = toShown(url, schemes);
      expect(shown).toMatch(/^https:\/\/app\.tazpod\.electron-standin\.invalid\//);
      expect(toReal(shown)).toBe(url);
      expect(schemeOf(shown)).toBe('tazpod');
    },
  );
  test.each(['https://example.com/', 'file:///etc/passwd', 'about:blank', 'other://app/x'])(
    '%s stays as it is',
    (url) => {
      expect(toShown(url, schemes)).toBe(url);
      expect(toReal(url)).toBe(url);
      expect(schemeOf(url)).toBeNull();
    },
  );
  test('is not feigned by a longer host', () => {
    expect(schemeOf('https://app.tazpod.electron-standin.invalid.evil.example/')).toBeNull();
  });
});

test('what is missing throws its name, what is there does not', async () => {
  const thing = guarded('thing', { there: 1 });
  const missing = thing as unknown as Record<string, unknown>;
  expect(thing.there).toBe(1);
  expect(() => missing['gone']).toThrow('thing.gone');
  expect(() => (missing['gone'] = 1)).toThrow('thing.gone');
  expect(await Promise.resolve(thing)).toBe(thing);
  expect(JSON.stringify(thing)).toBe('{"there":1}');
});

test('an emitter knows its events, and its members even where tests take them over', () => {
  class Known extends GuardedEmitter {
    readonly #secret = 42;
    constructor() {
      super('Known', ['tick']);
    }
    read(): number {
      return this.#secret;
    }
  }
  const emitter = new Known();
  const heard: unknown[] = [];
  emitter.on('tick', (value) => heard.push(value));
  emitter.once('tick', (value) => heard.push(value));
  emitter.emit('tick', 1);
  emitter.emit('tick', 2);
  expect([heard, emitter.read()]).toEqual([[1, 1, 2], 42]);
  expect(() => emitter.on('tock', () => undefined)).toThrow("the event 'tock' of Known");
  expect(() => (emitter as unknown as Record<string, unknown>)['tock']).toThrow('Known.tock');
  const emit = emitter.emit.bind(emitter);
  emitter.emit = (name, ...args: unknown[]) => emit(name, ...args);
  expect(emitter.emit('tick', 3)).toBe(true);
});

test('an event remembers that it was prevented', () => {
  const event = createEvent({ url: 'x' });
  expect([event.url, event.defaultPrevented]).toEqual(['x', false]);
  event.preventDefault();
  expect(event.defaultPrevented).toBe(true);
});
