/** How bytes become text; Node and Chromium each have their own fast way. */
export interface Base64 {
  encode(bytes: Uint8Array): string;
  decode(text: string): Uint8Array<ArrayBuffer>;
}

export interface Codec {
  /** @throws what the structured clone algorithm refuses: functions, symbols, promises */
  encode(value: unknown): string;
  decode(text: string): unknown;
}

/**
 * Values as the structured clone algorithm copies them, as text for the DevTools protocol. Primitives and plain objects
 * are JSON; everything else is an array that begins with a tag. An object that was seen before is a reference to it.
 *
 * Self-contained: its source text also runs in the preload's world.
 */
export function createCodec(base64: Base64): Codec {
  const refuse = (what: string): never => {
    throw new Error(`An object could not be cloned: ${what}`);
  };
  const toBytes = (view: ArrayBufferView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const kindOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1);

  const pack = (value: unknown, seen: Map<object, number>): unknown => {
    switch (typeof value) {
      case 'undefined':
        return ['undefined'];
      case 'bigint':
        return ['bigint', String(value)];
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : ['number', Object.is(value, -0) ? '-0' : String(value)];
      case 'function':
      case 'symbol':
        return refuse(typeof value);
      case 'object':
        return value === null ? null : packObject(value, seen);
      default:
        return value;
    }
  };
  const packObject = (value: object, seen: Map<object, number>): unknown => {
    const index = seen.get(value);
    if (index !== undefined) return ['seen', index];
    seen.set(value, seen.size);
    if (ArrayBuffer.isView(value)) {
      const name = value instanceof Uint8Array ? 'Uint8Array' : kindOf(value);
      return ['view', name, base64.encode(toBytes(value))];
    }
    if (value instanceof ArrayBuffer) return ['buffer', base64.encode(new Uint8Array(value))];
    if (Array.isArray(value)) return ['array', ...Array.from(value, (item) => pack(item, seen))];
    if (value instanceof Error) return ['error', value.name, value.message, value.stack ?? ''];
    switch (kindOf(value)) {
      case 'Date':
        return ['date', (value as Date).getTime()];
      case 'RegExp':
        return ['regexp', (value as RegExp).source, (value as RegExp).flags];
      case 'Map':
        return [
          'map',
          ...[...(value as Map<unknown, unknown>)].map(([key, item]) => [pack(key, seen), pack(item, seen)]),
        ];
      case 'Set':
        return ['set', ...[...(value as Set<unknown>)].map((item) => pack(item, seen))];
      case 'Object':
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pack(item, seen)]));
      default:
        return refuse(`#<${kindOf(value)}>`);
    }
  };

  const unpack = (packed: unknown, seen: object[]): unknown => {
    if (Array.isArray(packed)) return unpackTagged(packed as unknown[], seen);
    if (typeof packed !== 'object' || packed === null) return packed;
    const value: Record<string, unknown> = {};
    seen.push(value);
    for (const [key, item] of Object.entries(packed)) {
      const unpacked = unpack(item, seen);
      // A key named __proto__ is a key like any other; defining each would take as long as all the rest.
      if (key !== '__proto__') value[key] = unpacked;
      else Object.defineProperty(value, key, { value: unpacked, enumerable: true, writable: true, configurable: true });
    }
    return value;
  };
  const keep = <Value extends object>(value: Value, seen: object[]): Value => {
    seen.push(value);
    return value;
  };
  const unpackTagged = ([tag, ...rest]: unknown[], seen: object[]): unknown => {
    const [first, second, third] = rest as [string, string, string];
    switch (tag) {
      case 'undefined':
        return undefined;
      case 'bigint':
        return BigInt(first);
      case 'number':
        return Number(first);
      case 'seen':
        return seen[Number(first)];
      case 'buffer':
        return keep(base64.decode(first).buffer, seen);
      case 'view':
        return keep(toView(first, base64.decode(second)), seen);
      case 'array': {
        const array: unknown[] = keep([], seen);
        for (const item of rest) array.push(unpack(item, seen));
        return array;
      }
      case 'error':
        return keep(Object.assign(new Error(second), { name: first, stack: third }), seen);
      case 'date':
        return keep(new Date(Number(first)), seen);
      case 'regexp':
        return keep(new RegExp(first, second), seen);
      case 'map': {
        const map = keep(new Map<unknown, unknown>(), seen);
        for (const [key, item] of rest as [unknown, unknown][]) map.set(unpack(key, seen), unpack(item, seen));
        return map;
      }
      case 'set': {
        const set = keep(new Set<unknown>(), seen);
        for (const item of rest) set.add(unpack(item, seen));
        return set;
      }
      default:
        return refuse(`tag ${String(tag)}`);
    }
  };
  const toView = (name: string, bytes: Uint8Array<ArrayBuffer>): ArrayBufferView => {
    if (name === 'Uint8Array') return bytes;
    const constructors: Record<string, new (buffer: ArrayBuffer, offset?: number, length?: number) => ArrayBufferView> =
      {
        Int8Array,
        Uint8ClampedArray,
        Int16Array,
        Uint16Array,
        Int32Array,
        Uint32Array,
        Float32Array,
        Float64Array,
        BigInt64Array,
        BigUint64Array,
        DataView,
      };
    const View = constructors[name] ?? refuse(name);
    // A copy at offset 0: wider elements want an aligned start.
    return new View(bytes.slice().buffer);
  };

  return {
    encode: (value) => JSON.stringify(pack(value, new Map())),
    decode: (text) => unpack(JSON.parse(text), []),
  };
}
