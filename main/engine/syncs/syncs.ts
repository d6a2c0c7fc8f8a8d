import path from 'node:path';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import type { SyncRemote } from '../../../preload/contract/sync.ts';
import { isDeepStrictEqual } from 'node:util';
import { projectCore, type Core } from '../core.ts';
import { assertNever } from '../assert-never.ts';
import { failureOf } from '../failure.ts';
import { createRotatingLog } from '../rotating-log.ts';
import { isFinal } from './backoff.ts';
import { realClock, startLoop, type Loop, type LoopClock, type RunEnd } from './loop.ts';
import { isQuestion, toWords } from './outcome.ts';
import type { openRemote, RemotePlace } from './place.ts';
import { ProjectSync } from './project-sync.ts';
import type { VaultDoor } from './vault-door.ts';
import { createWakeWatch } from './wake-watch.ts';

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
  /** Resolves when the snapshot says of each vault that was looked at whether it is pushed. */
  looked(): Promise<void>;
  /** Waits for what is under way for a project, but not longer than this. @returns whether it has ended */
  settled(projectId: string, limitMs: number): Promise<boolean>;
  forget(projectId: string): Promise<void>;
  /** The machine just woke: what is planned is done right away, once. */
  woke(): void;
  /** Somebody logged in: projects of any profile that waited for a login run once more. */
  retryAfterLogin(): void;
  /** Ends logins that nobody has confirmed yet. */
  endLogins(): void;
  /** Plans nothing more, pushes what is not pushed yet, and ends what takes too long. */
  stop(): Promise<void>;
}

type SyncsCore = Pick<Core, 'store' | 'ports' | 'registry' | 'vaults'>;

export interface SyncsOptions {
  readonly clock?: LoopClock;
  readonly open?: typeof openRemote;
  readonly door: VaultDoor;
}

/**
 * What is done for a project by itself. `run`: its vault is open, and is saved and pushed over and over. `look`: there is no
 * vault here, and the remote is asked once whether it has one. `none`: not up, not allowed, or locked.
 */
type Following = 'none' | 'look' | 'run';

/** One project as it is followed. */
interface Followed {
  readonly sync: ProjectSync;
  loop: Loop | null;
  following: Following;
  /** What the loop was begun for. */
  key: string;
  lastFailure: string | null;
  /** Ends with the run that nobody asked for and that is under way. */
  background: Promise<unknown>;
}

export function createSyncs(core: SyncsCore, options: SyncsOptions): Syncs {
  const { door } = options;
  const log = createRotatingLog({ file: path.join(core.ports.stateFolder, syncLogName), nowMs: core.ports.nowMs });
  const clock = options.clock ?? realClock;
  const all = new Map<string, Followed>();
  const planned = new Set<Followed>();
  const wakeWatch = createWakeWatch(clock, () => {
    for (const { loop } of all.values()) loop?.wake();
  });
  let unsubscribe: (() => void) | null = null;

  const followed = (projectId: string): Followed => {
    const known = all.get(projectId);
    if (known !== undefined) return known;
    const { open } = options;
    const sync = new ProjectSync({ core, projectId, door, log, ...(open === undefined ? {} : { open }) });
    const made: Followed = {
      sync,
      loop: null,
      following: 'none',
      key: '',
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
  const run = async (projectId: string, one: Followed, kind: RunKind): Promise<RunEnd> => {
    const running = runOnce(projectId, one, kind);
    one.background = running;
    return running;
  };

  const runOnce = async (projectId: string, one: Followed, kind: RunKind): Promise<RunEnd> => {
    const { sync } = one;
    try {
      if (kind === 'run') {
        sync.lendKeys();
        // Local safety first; that it failed shows in the vault's own state, and what was saved before is still pushed.
        await door.saveIfUnlocked(projectId).catch((error: unknown) => log(`save: ${failureOf(error).message}`));
      }
      const outcome = await sync.push(kind === 'look' ? 'look' : 'loop', null);
      const isNews = outcome.type === 'pushed' || (isQuestion(outcome) && one.lastFailure !== outcome.type);
      if (isNews) tell(projectId, one, toWords(outcome, sync.place()?.shown ?? ''));
      one.lastFailure = isQuestion(outcome) ? outcome.type : null;
      return kind === 'look' ? 'final' : 'done';
    } catch (error) {
      tell(projectId, one, '', error);
      return kind === 'look' || isFinal(failureOf(error).code) ? 'final' : 'failed';
    }
  };

  const end = (one: Followed): void => {
    one.loop?.stop();
    one.loop = null;
  };

  const begin = (projectId: string, one: Followed, kind: 'look' | 'run', intervalMs: number): void => {
    if (kind === 'run') one.sync.lendKeys();
    one.loop = startLoop({
      clock,
      intervalMs,
      run: async () => run(projectId, one, kind),
      onPlanned: (delayMs) => {
        if (delayMs === null) planned.delete(one);
        else planned.add(one);
        wakeWatch.setNeeded(planned.size > 0);
        one.sync.show({ nextRunAtMs: delayMs === null ? null : core.ports.nowMs() + delayMs });
      },
    });
  };

  /** Unless the vault was opened again meanwhile. */
  const giveBackKeys = (one: Followed): void => {
    if (one.following !== 'run') one.sync.giveBackKeys();
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
      if (isElsewhere) one.sync.lookForUnpushed();
    }
    const isAllowed = isUp(project) && place !== null && project.trust.status === 'trusted';
    const following = isAllowed ? toFollowing(project, one.following) : 'none';
    const key = following === 'none' ? '' : JSON.stringify([following, place, remote?.intervalMs]);
    if (key === one.key) return;
    const isClosed = one.following === 'run' && (!isUp(project) || project.vault.status === 'locked');
    // First of all: what a loop shows of itself comes back here.
    one.key = key;
    one.following = following;
    end(one);
    if (!isClosed && following !== 'run') one.sync.giveBackKeys();
    if (following !== 'none') begin(projectId, one, following, remote?.intervalMs ?? 0);
    // What the vault held was saved as it closed; from here on nothing is sent.
    if (isClosed) void run(projectId, one, 'last').finally(() => giveBackKeys(one));
  };

  const endLogins = (): void => {
    for (const { sync } of all.values()) sync.endLogin();
  };

  const stopAll = async (): Promise<void> => {
    unsubscribe?.();
    unsubscribe = null;
    endLogins();
    const last = [...all.values()].map(async (one) => {
      end(one);
      await one.background;
      await one.sync.idle();
    });
    await within(Promise.all(last), lastPushMs);
    for (const { sync } of all.values()) sync.abort();
    await Promise.all([...all.values()].map(async ({ sync, background }) => Promise.all([background, sync.idle()])));
    for (const { sync } of all.values()) sync.giveBackKeys();
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
          const isOtherFile =
            was?.vault.lastSavedAtMs !== project.vault.lastSavedAtMs || was.vault.fileBytes !== project.vault.fileBytes;
          if (isOtherFile) all.get(project.id)?.sync.lookForUnpushed();
        }
      });
    },
    looked: async () => {
      await Promise.all([...all.values()].map(async ({ sync }) => sync.looked()));
    },
    settled: async (projectId, limitMs) => {
      const one = all.get(projectId);
      return within(Promise.all([one?.background, one?.sync.idle()]), limitMs);
    },
    forget: async (projectId) => {
      const one = followed(projectId);
      end(one);
      all.delete(projectId);
      await one.sync.forget();
    },
    woke: () => wakeWatch.woke(),
    retryAfterLogin: () => {
      for (const [projectId, { loop }] of all) {
        const { sync } = projectCore(core, projectId);
        if (sync.failure?.code === 'sync-login-needed') loop?.trigger();
      }
    },
    endLogins,
    stop: stopAll,
  };
}

const elsewhere = { lastPushedAtMs: null, failure: null, question: null, byHandReason: null, history: null } as const;

/** `last`: the vault was just closed, and what it held is pushed. */
type RunKind = 'look' | 'run' | 'last';

const isUp = ({ container }: ProjectState): boolean => container.status === 'running' || container.status === 'paused';

function toFollowing({ vault }: ProjectState, before: Following): Following {
  switch (vault.status) {
    case 'unlocked':
    case 'mounted':
    case 'locking':
      return 'run';
    case 'unlocking':
      // A passphrase that turns out wrong changes nothing.
      return before === 'run' ? 'run' : 'none';
    case 'absent':
      return 'look';
    case 'locked':
      return 'none';
    default:
      return assertNever(vault.status);
  }
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
