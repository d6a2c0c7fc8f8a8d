import type { WebContents } from 'electron';
import type { Result } from '../../preload/contract/parse.ts';
import type { WatchKind, WatchSample } from '../../preload/contract/window.ts';
import type { Engine, Session } from '../engine/engine.ts';

/** What a window hears of the one project that it watches. */
export interface WatchListener {
  readonly onSample: (sample: WatchSample) => void;
  readonly onEnd: (end: Pick<WatchSample, 'kind' | 'projectId'>) => void;
}

type Viewer = Pick<WebContents, 'id'>;

/** One watched project per window and kind: who looks at another one, or away, ends the stream of the first. */
export interface WatchHub {
  /** A window is gone, or its page is. */
  forget(viewer: Viewer): Promise<void>;
  /** @param projectId null to watch nothing */
  watch(viewer: Viewer, kind: WatchKind, projectId: string | null, listener: WatchListener): Promise<Result<null>>;
}

interface Watch {
  /** null while it opens. */
  session: Session | null;
}

const kinds: readonly WatchKind[] = ['stats', 'ports'];
const keyOf = (viewer: Viewer, kind: WatchKind): string => `${viewer.id} ${kind}`;

export function createWatchHub(engine: Pick<Engine, 'openSession'>): WatchHub {
  const watches = new Map<string, Watch>();
  /** Takes the window's place for what comes next before anything is awaited: calls may overlap. */
  const replace = async (key: string, next: Watch | null): Promise<void> => {
    const last = watches.get(key);
    if (next === null) watches.delete(key);
    else watches.set(key, next);
    await last?.session?.end();
  };
  return {
    forget: async (viewer) => {
      await Promise.all(kinds.map(async (kind) => replace(keyOf(viewer, kind), null)));
    },
    watch: async (viewer, kind, projectId, listener) => {
      const key = keyOf(viewer, kind);
      const watch: Watch = { session: null };
      await replace(key, projectId === null ? null : watch);
      const isWatched = (): boolean => watches.get(key) === watch;
      if (projectId === null || !isWatched()) return { ok: true, value: null };
      const opened = await engine.openSession(
        { kind, projectId, follow: true },
        {
          onData: (bytes) => {
            // The session prints each sample in one piece.
            const sample: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
            if (isWatched()) listener.onSample({ kind, projectId, sample } as WatchSample);
          },
          onEnd: () => {
            if (isWatched()) listener.onEnd({ kind, projectId });
          },
        },
      );
      if (!opened.ok) return opened;
      // The window looked away while it opened.
      if (isWatched()) watch.session = opened.value;
      else await opened.value.end();
      return { ok: true, value: null };
    },
  };
}
