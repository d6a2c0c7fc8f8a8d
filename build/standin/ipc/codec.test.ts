import { anything as anyValue, assert, property } from 'fast-check';
import { expect, test } from 'vitest';
import { nodeCodec } from './node-codec.ts';

const roundTrip = (value: unknown): unknown => nodeCodec.decode(nodeCodec.encode(value));

test('what structured clone copies comes back as it was', () => {
  const anything = anyValue({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
  });
  assert(
    property(anything, (value) => {
      expect(roundTrip(value)).toEqual(structuredClone(value));
    }),
  );
});

test('an object that is there twice is one, and one that holds itself does', () => {
  const shared = { a: 1 };
  const loop: { list: unknown[]; self?: unknown } = { list: [shared, shared] };
  loop.self = loop;
  const back = roundTrip(loop) as typeof loop;
  expect(back.list[0]).toBe(back.list[1]);
  expect(back.self).toBe(back);
});

test('a key named __proto__ is a key like any other', () => {
  const back = roundTrip(JSON.parse('{"__proto__": {"polluted": true}}')) as Record<string, unknown>;
  expect(Object.keys(back)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
});

test('bytes share no memory with anyone', () => {
  const back = roundTrip(Buffer.from('abc')) as Uint8Array;
  expect(back).toEqual(Uint8Array.from([97, 98, 99]));
  expect(back.buffer.byteLength).toBe(3);
});

test('errors keep name, message and stack', () => {
  const error = new RangeError('out');
  const back = roundTrip(error) as Error;
  expect([back instanceof Error, back.name, back.message, back.stack]).toEqual([
    true,
    'RangeError',
    'out',
    error.stack,
  ]);
});

test.each([[() => 1], [Symbol('s')], [Promise.resolve()], [{ deep: [() => 1] }], [new WeakMap()]])(
  '%o is refused',
  (value) => {
    expect(() => nodeCodec.encode(value)).toThrow('could not be cloned');
  },
);
