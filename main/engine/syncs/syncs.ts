import path from 'node:path';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import type { SyncRemote } from '../../../preload/contract/sync.ts';
import { isDeepStrictEqual } from 'node:util';
import type { Core } from '../core.ts';
import { failureOf } from '../failure.ts';
import { createRotatingLog } from '../rotating-log.ts';
import { isFinal } from './backoff.ts';
import { realClock, startLoop, type Loop, type LoopClock, type RunEnd } from './loop.ts';
import { isQuestion, toWords } from './outcome.ts';
import type { openRemote, RemotePlace } from './place.ts';
import { ProjectSync } from './project-sync.ts';
import type { VaultDoor } from './vault-door.ts';

/** The name of the log of all runs, in the state folder. */
export const syncLogName = 'sync.log';

/** How long the host waits at its end for what is on its way, in milliseconds. */
const lastPushMs = 8_000;

/** Sync of all projects. */
export interface Syncs {
  readonly door: VaultDoor;
  /** @throws project-unknown */
  of(projectId: string): ProjectSync;
  /** Begins the loops of projects that are up, and follows what comes up, goes down or is locked. */
  watch(): void;
  /** Waits for what is under way for a project, but not longer than this. @returns whether it has ended */
  settled(projectId: string, limitMs: number): Promise<boolean>;
  forget(projectId: string): Promise<void>;
  /** Plans nothing more, pushes what is not pushed yet, and ends what takes too long. */
  stop(): Promise<void>;
}

type SyncsCore = Pick<Core, 'store' | 'ports' | 'registry' | 'vaults'>;

export interface SyncsOptions {
  readonly clock?: LoopClock;
  readonly open?: typeof openRemote;
  readonly door: VaultDoor;
}

/** One project as it is followed. */
interface Followed {
  readonly sync: ProjectSync;
  loop: Loop | null;
  /** What the loop was begun for. */
  key: string;
  isFirstRun: boolean;
  lastFailure: string | null;
  /** Ends with the run that nobody asked for and that is under way. */
  background: Promise<unknown>;
}

export function createSyncs(core: SyncsCore, options: SyncsOptions): Syncs {
  const { door } = options;
  const log = createRotatingLog({ file: path.join(core.ports.stateFolder, syncLogName), nowMs: core.ports.nowMs });
  const all = new Map<string, Followed>();
  let unsubscribe: (() => void) | null = null;

  const followed = (projectId: string): Followed => {
    const known = all.get(projectId);
    if (known !== undefined) return known;
    const { open } = options;
    const sync = new ProjectSync({ core, projectId, door, log, ...(open === undefined ? {} : { open }) });
    const made: Followed = {
      sync,
      loop: null,
      key: '',
      isFirstRun: true,
      lastFailure: null,
      background: Promise.resolve(),
    };
    all.set(projectId, made);
    return made;
  };

  const tell = (projectId: string, one: Followed, text: string, failure: unknown = null): void => {
    if (failure === null) {
      one.lastFailure = null;
      core.store.dispatch({
        type: 'activityAdded',
        projectId,
        entry: { atMs: core.ports.nowMs(), kind: 'sync', outcome: 'done', text },
      });
      return;
    }
    const told = failureOf(failure);
    // An hour without network is one entry, not twenty.
    if (one.lastFailure === told.code || told.code === 'cancelled') return;
    one.lastFailure = told.code;
    core.store.dispatch({
      type: 'activityAdded',
      projectId,
      entry: { atMs: core.ports.nowMs(), kind: 'sync', outcome: 'failed', text: told.message, failure: told },
    });
  };

  /** A run that nobody asked for. Never rejects. */
  const run = async (projectId: string, one: Followed): Promise<RunEnd> => {
    const running = runOnce(projectId, one);
    one.background = running;
    return running;
  };

  const runOnce = async (projectId: string, one: Followed): Promise<RunEnd> => {
    const { sync } = one;
    try {
      const isFirst = one.isFirstRun;
      one.isFirstRun = false;
      if (door.isOpen(projectId)) {
        // Local safety first; that it failed shows in the vault's own state, and what was saved before is still pushed.
        await door.saveIfUnlocked(projectId).catch((error: unknown) => log(`save: ${failureOf(error).message}`));
      } else if (!isFirst && !(await sync.isUnpushed())) return 'done';
      const outcome = await sync.push('loop', null);
      const isNews = outcome.type === 'pushed' || (isQuestion(outcome) && one.lastFailure !== outcome.type);
      if (isNews) tell(projectId, one, toWords(outcome, sync.place()?.shown ?? ''));
      one.lastFailure = isQuestion(outcome) ? outcome.type : null;
      return 'done';
    } catch (error) {
      tell(projectId, one, '', error);
      return isFinal(failureOf(error).code) ? 'final' : 'failed';
    }
  };

  const follow = (project: ProjectState): void => {
    const { id: projectId } = project;
    const one = followed(projectId);
    const place = one.sync.place();
    const remote = toShownRemote(core, projectId, place);
    if (!isDeepStrictEqual(remote, project.sync.remote)) {
      const isElsewhere = remote?.shown !== project.sync.remote?.shown;
      // What was found at another place says nothing of this one.
      one.sync.show({ remote, ...(isElsewhere ? elsewhere : {}) });
    }
    const isUp = project.container.status === 'running' || project.container.status === 'paused';
    const isWanted = isUp && place !== null && project.trust.status === 'trusted';
    const key = isWanted ? JSON.stringify([place, remote?.intervalMs]) : '';
    if (key === one.key) return;
    const wentDown = one.loop !== null && !isUp;
    one.key = key;
    one.loop?.stop();
    one.loop = null;
    if (isWanted) {
      one.isFirstRun = true;
      one.loop = startLoop({
        clock: options.clock ?? realClock,
        intervalMs: remote?.intervalMs ?? 0,
        run: async () => run(projectId, one),
        onPlanned: (delayMs) => one.sync.show({ nextRunAtMs: delayMs === null ? null : core.ports.nowMs() + delayMs }),
      });
    } else if (wentDown) void run(projectId, one);
  };

  const stopAll = async (): Promise<void> => {
    unsubscribe?.();
    unsubscribe = null;
    const last = [...all].map(async ([projectId, one]) => {
      const wasUp = one.loop !== null;
      one.loop?.stop();
      one.loop = null;
      if (wasUp && !door.isOpen(projectId)) await run(projectId, one);
      await one.background;
      await one.sync.idle();
    });
    await within(Promise.all(last), lastPushMs);
    for (const { sync } of all.values()) sync.abort();
    await Promise.all([...all.values()].map(async ({ sync, background }) => Promise.all([background, sync.idle()])));
  };

  return {
    door,
    of: (projectId) => followed(projectId).sync,
    watch: () => {
      let before = core.store.state().snapshot;
      for (const project of before.projects) follow(project);
      unsubscribe = core.store.subscribe((snapshot) => {
        const old = before;
        before = snapshot;
        if (snapshot.projects === old.projects) return;
        const known = new Map(old.projects.map((project) => [project.id, project]));
        for (const project of snapshot.projects) {
          const was = known.get(project.id);
          if (was === project) continue;
          follow(project);
          if (was !== undefined && isLockedNow(was, project)) all.get(project.id)?.loop?.trigger();
        }
      });
    },
    settled: async (projectId, limitMs) => {
      const one = all.get(projectId);
      return within(Promise.all([one?.background, one?.sync.idle()]), limitMs);
    },
    forget: async (projectId) => {
      const one = followed(projectId);
      one.loop?.stop();
      all.delete(projectId);
      await one.sync.forget();
    },
    stop: stopAll,
  };
}

const elsewhere = { lastPushedAtMs: null, failure: null, question: null, byHandReason: null, history: null } as const;

function isLockedNow(was: ProjectState, now: ProjectState): boolean {
  return now.vault.status === 'locked' && was.vault.status !== 'locked' && was.vault.status !== 'absent';
}

function toShownRemote(core: SyncsCore, projectId: string, place: RemotePlace | null): SyncRemote | null {
  const read = core.store.state().projects.get(projectId)?.config;
  if (place === null || read?.status !== 'valid') return null;
  const { sync, vaultRetention } = read.config;
  return { type: place.type, shown: place.shown, intervalMs: sync.intervalSeconds * 1000, retention: vaultRetention };
}

/** Whether the work ended, well or not, within a time. */
async function within(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), limitMs);
  void Promise.allSettled([work]).then(() => resolve(true));
  const hasEnded = await promise;
  clearTimeout(timer);
  return hasEnded;
}
