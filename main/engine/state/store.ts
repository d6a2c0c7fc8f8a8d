import type { HostState, Snapshot } from '../../../preload/contract/snapshot.ts';
import type { CoreState, EngineEvent } from './core-state.ts';
import { initialState, reduce } from './reduce.ts';

/** Holds the one state. Everything that happens is dispatched here; whoever shows it subscribes here. */
export interface Store {
  state(): CoreState;
  dispatch(event: EngineEvent): void;
  /** Calls the listener after each change of the snapshot; returns the way to stop. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
}

export function createStore(host: HostState): Store {
  let state = initialState(host);
  const listeners = new Set<(snapshot: Snapshot) => void>();
  return {
    state: () => state,
    dispatch: (event) => {
      const before = state.snapshot;
      state = reduce(state, event);
      if (state.snapshot !== before) for (const listener of listeners) listener(state.snapshot);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Resolves with the first snapshot that satisfies the condition, the present one included; rejects when aborted. */
export async function waitForState(
  store: Store,
  condition: (state: CoreState) => boolean,
  signal: AbortSignal,
): Promise<CoreState> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      unsubscribe();
      signal.removeEventListener('abort', abort);
    };
    const abort = (): void => {
      done();
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    const check = (): void => {
      if (!condition(store.state())) return;
      done();
      resolve(store.state());
    };
    const unsubscribe = store.subscribe(check);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    else check();
  });
}
