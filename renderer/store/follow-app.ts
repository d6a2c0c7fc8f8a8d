import type { TazpodApi } from '../../preload/api.ts';
import type { SnapshotChange } from '../../preload/contract/snapshot-change.ts';
import { toReady, withChange, withSettings, type AppState } from './app-state.ts';
import type { ExternalStore } from './external-store.ts';

/** Time between attempts while the main process does not answer, in milliseconds. */
const retryAfterMs = 1_000;

/** Keeps the store in step with the main process: one full start, then changes, and a new start where one was missed. */
export function followApp(api: TazpodApi, store: ExternalStore<AppState>): () => void {
  let early: SnapshotChange[] | null = null;
  let stopped = false;

  const begin = async (): Promise<void> => {
    if (early !== null) return;
    early = [];
    try {
      const start = await api.request('subscribe');
      const changes = early;
      early = null;
      store.set(toReady(start));
      for (const change of changes) apply(change);
    } catch (error) {
      early = null;
      if (store.get().status !== 'ready') store.set({ status: 'unreachable', reason: String(error) });
      if (!stopped) setTimeout(() => void begin(), retryAfterMs);
    }
  };

  const apply = (change: SnapshotChange): void => {
    if (early !== null) {
      early.push(change);
      return;
    }
    const state = store.get();
    if (state.status !== 'ready') return;
    const next = withChange(state, change);
    if (next === null) void begin();
    else store.set(next);
  };

  const stops = [
    api.on('snapshotChange', apply),
    api.on('settingsChange', (settings) => store.update((state) => withSettings(state, settings))),
  ];
  void begin();
  return () => {
    stopped = true;
    for (const stop of stops) stop();
  };
}
