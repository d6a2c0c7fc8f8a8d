import type { WebContents } from 'electron';
import type { Result } from '../../preload/contract/parse.ts';
import type { StatsSample } from '../../preload/contract/stats.ts';
import type { Engine, Session } from '../engine/engine.ts';

/** What a window hears of the one project whose stats it watches. */
export interface StatsListener {
  readonly onSample: (sample: StatsSample) => void;
  readonly onEnd: () => void;
}

/** One watched project per window: who looks at another one, or away, ends the stream of the first. */
export interface StatsHub {
  /** A window is gone, or its page is. */
  forget(viewer: Pick<WebContents, 'id'>): Promise<void>;
  /** @param projectId null to watch nothing */
  watch(viewer: Pick<WebContents, 'id'>, projectId: string | null, listener: StatsListener): Promise<Result<null>>;
}

interface Watch {
  /** null while it opens. */
  session: Session | null;
}

export function createStatsHub(engine: Pick<Engine, 'openSession'>): StatsHub {
  const watches = new Map<number, Watch>();
  /** Takes the window's place for what comes next before anything is awaited: calls may overlap. */
  const replace = async (viewerId: number, next: Watch | null): Promise<void> => {
    const last = watches.get(viewerId);
    if (next === null) watches.delete(viewerId);
    else watches.set(viewerId, next);
    await last?.session?.end();
  };
  return {
    forget: async (viewer) => replace(viewer.id, null),
    watch: async (viewer, projectId, listener) => {
      const watch: Watch = { session: null };
      await replace(viewer.id, projectId === null ? null : watch);
      const isWatched = (): boolean => watches.get(viewer.id) === watch;
      if (projectId === null || !isWatched()) return { ok: true, value: null };
      const opened = await engine.openSession(
        { kind: 'stats', projectId, follow: true },
        {
          onData: (bytes) => {
            // The session prints each sample in one piece.
            if (isWatched()) listener.onSample(JSON.parse(Buffer.from(bytes).toString('utf8')) as StatsSample);
          },
          onEnd: () => {
            if (isWatched()) listener.onEnd();
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
