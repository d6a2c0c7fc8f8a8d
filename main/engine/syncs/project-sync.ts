import { unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import path from 'node:path';
import type { ErrorCode } from '../../../preload/contract/errors.ts';
import type { SyncState } from '../../../preload/contract/sync.ts';
import { projectCore, type Core } from '../core.ts';
import { failWith, failureOf, hasCode, TazpodError } from '../failure.ts';
import { rereadProjects } from '../projects.ts';
import { openBaseFile } from '../sync/base-file.ts';
import type { OperationWork } from '../operations/queue.ts';
import type { Remote } from '../sync/remote.ts';
import { runPush, type PushKind, type SyncOutcome, type SyncPorts } from '../sync/run.ts';
import type { StaticKeys } from '../sync/remotes/s3-client.ts';
import type { AwsFiles } from '../vaults/aws-files.ts';
import { createLocalVault, type LocalVaultFile } from './local-vault.ts';
import { isQuestion, toShown, toWords } from './outcome.ts';
import { openRemote, setUpPlace, toRemotePlace, type RemotePlace } from './place.ts';
import { previewVault } from './preview.ts';
import { readVaultProfile } from './static-keys.ts';
import type { VaultDoor } from './vault-door.ts';

export interface ProjectSyncOptions {
  readonly core: Pick<Core, 'store' | 'ports' | 'registry'>;
  readonly projectId: string;
  readonly door: VaultDoor;
  /** One line of the log of runs. */
  readonly log: (line: string) => void;
  /** Puts another service in a place's stead; tests do. */
  readonly open?: typeof openRemote;
}

/** What is done with a remote, as the log names it. */
export type SyncWork = 'sync' | 'look' | 'choice' | 'adopt' | 'list' | 'preview' | 'restore';

/** What a run works with, once config and trust allowed it. */
export interface OpenSync extends SyncPorts {
  readonly folder: string;
  readonly vault: LocalVaultFile;
}

/** Looking at the history says nothing of how pushing stands; whoever asked for it is told. */
const isRun = (what: SyncWork): boolean => what === 'sync' || what === 'look' || what === 'choice';

/** More than any run on a link that works; a service that answers nothing must not keep a project for ever. */
const longestRunMs = 15 * 60_000;

/** Sync of one project: its runs take turns, and each one reads the config anew. */
export class ProjectSync {
  readonly #options: ProjectSyncOptions;
  #last: Promise<unknown> = Promise.resolve();
  #lastLook: Promise<void> = Promise.resolve();
  #abort = new AbortController();
  /** Keeps connections and what the probe found. */
  #remote: { readonly shown: string; readonly keys: StaticKeys | null; readonly remote: Remote } | null = null;
  readonly #endLogin = new AbortController();
  /** Of a vault that is just being closed, for the push that belongs to it. */
  #lent: AwsFiles | null = null;

  constructor(options: ProjectSyncOptions) {
    this.#options = options;
  }

  get #folder(): string {
    return projectCore(this.#options.core, this.#options.projectId).folder;
  }

  /** Where the vault is pushed, as the config that was read last says; null: nowhere. */
  place(): RemotePlace | null {
    const { core, projectId } = this.#options;
    const read = core.store.state().projects.get(projectId)?.config;
    if (read?.status !== 'valid') return null;
    return toRemotePlace(read.config, read.containerName, core.ports.homeFolder);
  }

  show(sync: Partial<SyncState>): void {
    const { core, projectId } = this.#options;
    core.store.dispatch({ type: 'syncChanged', projectId, sync });
  }

  /**
   * Does something with the remote, when what was begun before has ended. How it ends shows in the state and in the log.
   */
  async take(
    what: SyncWork,
    outer: AbortSignal | null,
    work: (sync: OpenSync, signal: AbortSignal) => Promise<SyncOutcome | null>,
  ): Promise<SyncOutcome | null> {
    const turn = this.#last.then(async () => this.#run(what, outer, work));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Pushes what has to be pushed. @throws TazpodError as `Remote`, and `sync-no-remote`, `not-trusted` */
  async push(kind: PushKind, signal: AbortSignal | null): Promise<SyncOutcome> {
    const outcome = await this.take(kind === 'look' ? 'look' : 'sync', signal, async (sync, one) => {
      return await runPush(sync, kind, one);
    });
    return outcome ?? { type: 'nothing' };
  }

  /** Makes the bucket or folder. @returns what was made @throws TazpodError as `setUpPlace`, `sync-no-remote`, `not-trusted` */
  async setUpStorage(signal: AbortSignal): Promise<string> {
    const turn = this.#last.then(async () => {
      const { place } = await this.#requirePlace();
      const { keys, note } = await this.#keysFor(place);
      try {
        return await setUpPlace(place, { projectFolders: this.#projectFolders, keys }, signal);
      } catch (error) {
        throw withNote(error, note);
      }
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /**
   * Logs the remote's AWS profile in. Takes no turn: whatever else is due must not wait for a person.
   * @throws TazpodError as `logIn` of `sync/sso`, `login-needless`, `sync-no-remote`, `not-trusted`
   */
  async logIn(work: OperationWork): Promise<{ readonly profile: string; readonly expiresAtMs: number }> {
    const { place } = await this.#requirePlace();
    if (place.type !== 's3') throw failWith('login-needless', { folder: this.#folder });
    const { nowMs } = this.#options.core.ports;
    const { logIn } = await import('../sync/sso/log-in.ts');
    const done = await logIn(place.bucket.profile, {
      nowMs,
      signal: AbortSignal.any([work.signal, this.#endLogin.signal]),
      show: ({ page, userCode, validMs }) => {
        work.step('awaiting-login', true);
        work.showLogin({ page, userCode, expiresAtMs: nowMs() + validMs });
      },
    });
    // The connection may hold what the login before gave.
    this.#remote = null;
    return done;
  }

  /** A login that nobody has confirmed yet must not keep the host process from ending. */
  endLogin(): void {
    this.#endLogin.abort(failWith('host-stopping', { reason: 'it ends, and the login with it' }));
  }

  /** Shows, once it is known, whether the vault file here is another one than what was agreed on last. Asks no remote. */
  lookForUnpushed(): void {
    this.#lastLook = this.#lastLook.then(async () => this.#showUnpushed());
  }

  /** Resolves when what `lookForUnpushed` began shows. */
  async looked(): Promise<void> {
    await this.#lastLook;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    let last: Promise<unknown>;
    do {
      last = this.#last;
      await Promise.all([last, this.#lastLook]);
    } while (last !== this.#last);
  }

  /** Ends what is under way. */
  abort(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  /** Forgets what was agreed on. */
  async forget(): Promise<void> {
    this.endLogin();
    this.abort();
    await this.idle();
    this.giveBackKeys();
    await unlink(this.#baseFile).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
  }

  get #projectFolders(): readonly string[] {
    return Array.from(this.#options.core.store.state().projects.values(), ({ folder }) => folder);
  }

  get #baseFile(): string {
    return path.join(this.#options.core.ports.stateFolder, 'sync', `${this.#options.projectId}.json`);
  }

  async #run(
    what: SyncWork,
    outer: AbortSignal | null,
    work: (sync: OpenSync, signal: AbortSignal) => Promise<SyncOutcome | null>,
  ): Promise<SyncOutcome | null> {
    const { core, log } = this.#options;
    const startedAt = performance.now();
    const end = (result: string): void =>
      log(`${what} ${this.#folder}: ${result} (${Math.round(performance.now() - startedAt)} ms)`);
    this.show({ running: true });
    let note = '';
    try {
      const signal = AbortSignal.any([
        this.#abort.signal,
        AbortSignal.timeout(longestRunMs),
        ...(outer === null ? [] : [outer]),
      ]);
      const { place, retention } = await this.#requirePlace();
      const keys = await this.#keysFor(place);
      ({ note } = keys);
      const remote = await this.#openRemote(place, keys.keys);
      const sync = { ...(await this.#openLocal(place)), folder: this.#folder, remote, retention };
      const outcome = await work(sync, signal);
      if (outcome === null) {
        end('done');
        return null;
      }
      const shown = toShown(outcome, this.#ownFacts(sync), core.ports.nowMs());
      this.show(isQuestion(outcome) ? await this.#withMembers(shown, sync, signal) : shown);
      end(toWords(outcome, sync.remote.shown));
      return outcome;
    } catch (thrown) {
      const error = withNote(thrown, note);
      const failure = failureOf(error);
      if (isRun(what) && failure.code !== 'cancelled' && failure.code !== 'vault-open') this.show({ failure });
      end(`${failure.code}: ${failure.message}`);
      throw error instanceof TazpodError ? error : new TazpodError(failure, error);
    } finally {
      if (isRun(what) || what === 'restore') await this.#showUnpushed();
      this.show({ running: false });
    }
  }

  /** Never rejects: where the folder is away or the project was forgotten, the next run says what there is to say. */
  async #showUnpushed(): Promise<void> {
    const { core, projectId, log } = this.#options;
    try {
      const unpushed = await this.#isUnpushed();
      if (projectCore(core, projectId).sync.unpushed !== unpushed) this.show({ unpushed });
    } catch (error) {
      log(`looking at the vault of ${projectId}: ${failureOf(error).message}`);
    }
  }

  async #isUnpushed(): Promise<boolean> {
    const place = this.place();
    if (place === null) return false;
    const { vault, base } = await this.#openLocal(place);
    const local = await vault.look();
    return local !== null && local.contentHash !== (await base.read()).contentHash;
  }

  /** What runs on a stranger's word: the place must be one that a person allowed, in the config as it is now. */
  async #requirePlace(): Promise<{ readonly place: RemotePlace; readonly retention: number }> {
    const { core, projectId } = this.#options;
    await rereadProjects(core, [projectId]);
    const { folder, config, trust } = projectCore(core, projectId);
    if (config.status === 'absent') throw failWith('config-missing', { file: config.file });
    if (config.status === 'invalid') throw new TazpodError(config.failure);
    const place = this.place();
    if (place === null) throw failWith('sync-no-remote', { folder });
    if (trust.status !== 'trusted') throw failWith('not-trusted', { folder });
    return { place, retention: config.config.vaultRetention };
  }

  /** Lends the keys of the open vault beyond its closing, until `giveBackKeys`. */
  lendKeys(): void {
    const files = this.#options.door.awsFiles(this.#options.projectId);
    if (files === this.#lent) return;
    this.giveBackKeys();
    this.#lent = files;
    files?.lend();
  }

  /** Drops what was lent, and the connection that knows it. */
  giveBackKeys(): void {
    this.#lent?.giveBack();
    this.#lent = null;
    if (this.#remote !== null && this.#remote.keys !== null) this.#remote = null;
  }

  /** The keys that the vault itself has for this place, and what to say of them where none will do. */
  async #keysFor(place: RemotePlace): Promise<{ readonly keys: StaticKeys | null; readonly note: string }> {
    if (place.type !== 's3') return { keys: null, note: '' };
    const { projectId, door, log } = this.#options;
    // Taken over from another host process, which keeps such files to itself.
    if (door.awsFiles(projectId)?.isKnown === false) {
      await door.saveIfUnlocked(projectId).catch((error: unknown) => log(`save: ${failureOf(error).message}`));
    }
    const files = door.awsFiles(projectId) ?? this.#lent;
    if (files === null)
      return { keys: null, note: "keys in the vault's own .aws can be used while it is unlocked only" };
    const texts = { credentials: files.text('credentials'), config: files.text('config') };
    const { keys, refused } = readVaultProfile(texts, place.bucket.profile);
    if (keys !== null) return { keys, note: "they are the keys of the vault's own .aws" };
    if (refused.length === 0) return { keys, note: '' };
    return { keys, note: `of the vault's own .aws only static keys are used, never ${refused.join(', ')}` };
  }

  async #openLocal(place: RemotePlace): Promise<Pick<OpenSync, 'vault' | 'base'>> {
    const { projectId, door } = this.#options;
    const folder = this.#folder;
    const vault = createLocalVault({
      folder,
      store: await door.store(projectId),
      machine: hostname(),
      whileClosed: async (work) => await door.whileClosed(projectId, work),
    });
    return { vault, base: openBaseFile(this.#baseFile, place.shown) };
  }

  async #openRemote(place: RemotePlace, keys: StaticKeys | null): Promise<Remote> {
    const key = JSON.stringify(place);
    // A folder is found anew each time: its disk comes and goes.
    const isSame = this.#remote?.shown === key && isDeepStrictEqual(this.#remote.keys, keys);
    if (place.type === 's3' && this.#remote !== null && isSame) return this.#remote.remote;
    const open = this.#options.open ?? openRemote;
    const { nowMs } = this.#options.core.ports;
    const remote = await open(place, { nowMs, projectFolders: this.#projectFolders, keys });
    this.#remote = { shown: key, keys, remote };
    return remote;
  }

  #ownFacts({ vault }: OpenSync): Parameters<typeof toShown>[1] {
    const { core, projectId } = this.#options;
    const { content } = projectCore(core, projectId).vault;
    return { machine: hostname(), modifiedAtMs: vault.modifiedAtMs(), members: content?.members ?? null };
  }

  /** Names what theirs holds, where our key opens it; a person chooses better so. Once per version. */
  async #withMembers(shown: Partial<SyncState>, sync: OpenSync, signal: AbortSignal): Promise<Partial<SyncState>> {
    const { core, projectId, door } = this.#options;
    const held = door.keyOf(projectId);
    const { question } = shown;
    if (question === null || question === undefined || held === null || question.kind === 'other-vault') return shown;
    const before = projectCore(core, projectId).sync.question?.theirs;
    if (before?.etag === question.theirs.etag && before.members !== null) {
      return { ...shown, question: { ...question, theirs: before } };
    }
    try {
      const fetched = await sync.remote.readLatest(signal);
      if (fetched?.version.etag !== question.theirs.etag) return shown;
      const { members } = await previewVault(sync.folder, '', fetched.vault, { held, passphrase: undefined });
      return { ...shown, question: { ...question, theirs: { ...question.theirs, members } } };
    } catch (error) {
      // Another passphrase, or a service that just failed: the question stands without them.
      this.#options.log(`members of ${sync.remote.shown}: ${failureOf(error).code}`);
      return shown;
    }
  }
}

const isCredentials = (code: ErrorCode): boolean => code === 'sync-credentials' || code === 'sync-login-needed';

/** Says beside missing credentials what became of the vault's own. */
function withNote(error: unknown, note: string): unknown {
  if (note === '' || !(error instanceof TazpodError) || !isCredentials(error.failure.code)) return error;
  return new TazpodError({ ...error.failure, message: `${error.failure.message} (${note})` }, error);
}
