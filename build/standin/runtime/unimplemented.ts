import { EventEmitter } from 'node:events';

/** What the app uses of Electron but the stand-in does not have: said by name, so that a gap is seen and not guessed. */
export class UnimplementedError extends Error {
  constructor(member: string) {
    super(`the stand-in for Electron does not implement ${member} (build/standin/README.md)`);
    this.name = 'UnimplementedError';
  }
}

/** Names that the language and its tools ask any object for. */
const askedOfAnything = new Set(['then', 'toJSON', 'domain', '$$typeof', 'asymmetricMatch', 'nodeType', '__esModule']);

function guard<Target extends object>(target: Target, nameOf: (receiver: unknown) => string): Target {
  const isKnown = (key: string | symbol): boolean =>
    typeof key === 'symbol' || key in target || askedOfAnything.has(key);
  return new Proxy(target, {
    get: (object, key, receiver): unknown => {
      if (isKnown(key)) return Reflect.get(object, key, receiver);
      throw new UnimplementedError(`${nameOf(receiver)}.${String(key)}`);
    },
    set: (object, key, value, receiver) => {
      if (isKnown(key)) return Reflect.set(object, key, value, receiver);
      throw new UnimplementedError(`${nameOf(receiver)}.${String(key)} = …`);
    },
  });
}

/** An object whose missing members throw by name. */
export function guarded<Target extends object>(name: string, target: Target): Target {
  return guard(target, () => name);
}

/** The same for what a class makes: the guard ends its prototype chain, so it is reached for missing members only. */
export function guardPrototype(constructor: { readonly name: string; readonly prototype: object }): void {
  Object.setPrototypeOf(
    constructor.prototype,
    guard(Object.create(Object.prototype) as object, () => constructor.name),
  );
}

type Listener = Parameters<EventEmitter['on']>[1];

/**
 * Base of the stand-in's emitters. A member that neither the class nor EventEmitter has throws by name (the guard sits
 * at the end of the prototype chain, so it is reached only then), and so does listening to an event that never comes.
 */
export class GuardedEmitter extends EventEmitter {
  /** Events that are raised; null for emitters with names of the app's own. */
  readonly #events: ReadonlySet<string> | null;
  readonly #name: string;

  constructor(name: string, events: readonly string[] | null) {
    super();
    this.#name = name;
    this.#events = events === null ? null : new Set(events);
  }

  override on(event: string | symbol, listener: Listener): this {
    return super.on(this.#checked(event), listener);
  }

  override once(event: string | symbol, listener: Listener): this {
    return super.once(this.#checked(event), listener);
  }

  override addListener(event: string | symbol, listener: Listener): this {
    return super.addListener(this.#checked(event), listener);
  }

  override prependListener(event: string | symbol, listener: Listener): this {
    return super.prependListener(this.#checked(event), listener);
  }

  #checked(event: string | symbol): string | symbol {
    if (typeof event === 'symbol' || this.#events === null || this.#events.has(event)) return event;
    throw new UnimplementedError(`the event '${event}' of ${this.#name}`);
  }
}

Object.setPrototypeOf(
  GuardedEmitter.prototype,
  guard(EventEmitter.prototype, (receiver) => (receiver as object).constructor.name),
);
