/**
 * The two halves of contextBridge. The preload's world and the page's are two JavaScript worlds over one DOM; they meet
 * in custom events on `window`, which Blink delivers at once and whose `detail` it clones. Each value crosses as a
 * primitive or as a tagged array, and plain data as it is; functions and promises cross as numbers that the other side can call or await, and
 * only those that were handed over have one. Number 0 is the half itself. The events' names are random and known to these
 * two scripts only.
 *
 * Self-contained: its source text runs in Chromium.
 */

type Packed = unknown;

export interface Bridge {
  /** Calls what the other side answers `question` with. @throws what it throws */
  ask(...args: unknown[]): unknown;
}

/** One half. `onQuestion` answers the other half's `ask`. */
export function createBridge(
  token: string,
  side: 'preload' | 'page',
  onQuestion: (...args: unknown[]) => unknown,
): Bridge {
  const otherSide = side === 'preload' ? 'page' : 'preload';
  // Kept before the page can replace any of them.
  const { dispatchEvent, addEventListener } = globalThis as unknown as Pick<
    EventTarget,
    'dispatchEvent' | 'addEventListener'
  >;
  const { CustomEvent, Promise, Error, Reflect, Object, Map, Set, Array, ArrayBuffer } = globalThis;
  const readDetail = Object.getOwnPropertyDescriptor(CustomEvent.prototype, 'detail')?.get as (
    this: unknown,
  ) => unknown[];
  const functions = new Map<number, (...args: unknown[]) => unknown>();
  const promises = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  let lastId = 0;
  let answer: unknown[] | null = null;

  const tell = (kind: string, detail: unknown[]): void => {
    const event = new CustomEvent(`${token}-${otherSide}-${kind}`, { detail });
    Reflect.apply(dispatchEvent, globalThis, [event]);
  };
  const hear = (kind: string, listener: (detail: unknown[]) => void): void => {
    const onEvent = (event: unknown): void => listener(Reflect.apply(readDetail, event, []));
    Reflect.apply(addEventListener, globalThis, [`${token}-${side}-${kind}`, onEvent]);
  };
  const next = (): number => {
    lastId += 1;
    return lastId;
  };

  const packError = (error: unknown): Packed =>
    error instanceof Error ? ['error', error.name, error.message] : ['thrown', pack(error)];
  const packPromise = (promise: Promise<unknown>): Packed => {
    const id = next();
    promise.then(
      (value) => tell('settled', [id, true, pack(value)]),
      (error: unknown) => tell('settled', [id, false, packError(error)]),
    );
    return ['promise', id];
  };
  /** Nothing but values that a clone brings across as they are; no object in it is there twice. */
  const isData = (value: unknown, seen: Set<object>): boolean => {
    if (typeof value !== 'object' || value === null) return typeof value !== 'function' && typeof value !== 'symbol';
    if (seen.has(value)) return false;
    seen.add(value);
    if (ArrayBuffer.isView(value)) return true;
    if (Array.isArray(value)) return value.every((item) => isData(item, seen));
    if (Object.getPrototypeOf(value) !== Object.prototype) return false;
    return Object.values(value).every((item) => isData(item, seen));
  };
  const pack = (value: unknown, seen = new Map<object, number>()): Packed => {
    if (typeof value === 'function') {
      const id = next();
      functions.set(id, value as (...args: unknown[]) => unknown);
      return ['function', id];
    }
    if (typeof value === 'symbol') throw new TypeError('a symbol can’t cross the context bridge');
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Promise) return packPromise(value);
    if (value instanceof Error) return packError(value);
    if (seen.size === 0 && isData(value, new Set())) return ['clone', value];
    const index = seen.get(value);
    if (index !== undefined) return ['seen', index];
    seen.set(value, seen.size);
    if (Array.isArray(value)) return ['array', value.map((item) => pack(item, seen))];
    const kind = Reflect.apply(Object.prototype.toString, value, []) as string;
    if (kind !== '[object Object]') return ['clone', value];
    return ['object', Object.entries(value).map(([key, item]) => [key, pack(item, seen)])];
  };
  const unpackError = (packed: unknown[]): unknown => {
    if (packed[0] === 'thrown') return unpack(packed[1]);
    const error = new Error(packed[2] as string);
    if (packed[1] !== 'Error')
      Object.defineProperty(error, 'name', { value: packed[1], configurable: true, writable: true });
    return error;
  };
  const unpack = (packed: Packed, seen: unknown[] = []): unknown => {
    if (!Array.isArray(packed)) return packed;
    const [tag, content] = packed as [string, never];
    switch (tag) {
      case 'function':
        return (...args: unknown[]) => call(content, args);
      case 'promise':
        return new Promise((resolve, reject) => promises.set(content, { resolve, reject }));
      case 'seen':
        return seen[content];
      case 'array': {
        const array: unknown[] = [];
        seen.push(array);
        for (const item of content as Packed[]) array.push(unpack(item, seen));
        return array;
      }
      case 'object': {
        const value = {};
        seen.push(value);
        for (const [key, item] of content as [string, Packed][]) {
          const property = { value: unpack(item, seen), enumerable: true, writable: true, configurable: true };
          Object.defineProperty(value, key, property);
        }
        return value;
      }
      case 'clone':
        seen.push(content);
        return content;
      default:
        return unpackError(packed as unknown[]);
    }
  };
  const call = (id: number, args: unknown[]): unknown => {
    answer = null;
    tell('call', [id, args.map((item) => pack(item))]);
    const [ok, packed] = answer ?? [false, ['error', 'Error', 'An object could not be cloned.']];
    answer = null;
    if (ok === true) return unpack(packed);
    throw unpackError(packed as unknown[]);
  };

  hear('call', ([id, args]) => {
    let reply: unknown[];
    try {
      const called = id === 0 ? onQuestion : functions.get(id as number);
      reply = [true, pack(called?.(...(args as Packed[]).map((item) => unpack(item))))];
    } catch (error) {
      reply = [false, packError(error)];
    }
    tell('answer', reply);
  });
  hear('answer', (reply) => {
    answer = reply;
  });
  hear('settled', ([id, ok, packed]) => {
    const promise = promises.get(id as number);
    promises.delete(id as number);
    if (ok === true) promise?.resolve(unpack(packed));
    else promise?.reject(unpackError(packed as unknown[]));
  });

  return { ask: (...args) => call(0, args) };
}
