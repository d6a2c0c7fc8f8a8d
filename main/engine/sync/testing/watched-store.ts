import type { ObjectStore } from '../remotes/object-store.ts';

/** A store whose every request is told before it is made, as `PUT key`; whoever is told may hold it up. */
export function watchStore(store: ObjectStore, onRequest: (line: string) => void | Promise<void>): ObjectStore {
  const told = async <Result>(line: string, send: () => Promise<Result>): Promise<Result> => {
    await onRequest(line);
    return await send();
  };
  return {
    head: async (key, signal) => await told(`HEAD ${key}`, async () => await store.head(key, signal)),
    get: async (key, signal) => await told(`GET ${key}`, async () => await store.get(key, signal)),
    put: async (key, object, condition, signal) =>
      await told(`PUT ${key}`, async () => await store.put(key, object, condition, signal)),
    list: async (prefix, signal) => await told(`LIST ${prefix}`, async () => await store.list(prefix, signal)),
    remove: async (key, signal) => await told(`DELETE ${key}`, async () => await store.remove(key, signal)),
  };
}
