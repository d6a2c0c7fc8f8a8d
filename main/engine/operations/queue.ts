import { randomBytes } from 'node:crypto';
import type {
  ActivityEntry,
  LoginPrompt,
  Operation,
  OperationKind,
  OperationStep,
  Progress,
} from '../../../preload/contract/snapshot.ts';
import { failureOf, failWith } from '../failure.ts';
import type { Store } from '../state/store.ts';

/** What a running operation tells of itself. */
export interface OperationWork {
  readonly signal: AbortSignal;
  /** Begins a step; `cancellable` says whether stopping here leaves nothing half done. */
  step(step: OperationStep, cancellable?: boolean): void;
  progress(progress: Progress): void;
  /** Shows what a person has to confirm, until the next step. */
  showLogin(login: LoginPrompt): void;
  /** One line for the project's activity, beside the operation's own ending. */
  notice(text: string): void;
  /** What a program of the operation printed; shown with the next progress. */
  output(text: string): void;
}

export interface OperationRequest {
  /** null for operations that belong to no project. */
  readonly projectId: string | null;
  /** `sync`: a second queue of the project, whose waits for the network hold up nothing. */
  readonly lane?: 'sync';
  readonly kind: OperationKind;
  readonly subject: string;
  /** What makes it another operation than one of the same kind, for example the container to adopt. */
  readonly choice?: string;
  readonly run: (work: OperationWork) => Promise<string>;
}

/** One queue per project and lane: one operation at a time, the others wait; different projects run side by side. */
export interface OperationQueue {
  /**
   * @returns the operation's id; the one under way where the same was asked already and is the last in line
   * @throws queue-full
   */
  add(request: OperationRequest): string;
  /** @throws operation-unknown, not-cancellable */
  cancel(operationId: string): void;
  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void>;
}

/** More than this waiting for one folder is a client gone wrong. */
const maxWaiting = 8;

/** Progress is told at most this often, in milliseconds: a pull prints hundreds of lines a second. */
const progressIntervalMs = 100;

/** Characters of a program's output that an operation shows, and that its ending keeps. */
const maxOutput = 16 * 1024;
const maxEndingOutput = 4_000;

interface Entry {
  operation: Operation;
  readonly request: OperationRequest;
  readonly abort: AbortController;
}

export function createOperationQueue(store: Store, nowMs: () => number, log: (line: string) => void): OperationQueue {
  const lines = new Map<string | null, Entry[]>();
  const idleWaiters: (() => void)[] = [];

  const publish = (request: OperationRequest): void => {
    const { projectId, lane } = request;
    const operations = (lines.get(lineOf(request)) ?? []).map((entry) => entry.operation);
    if (lane !== undefined && projectId !== null) {
      store.dispatch({ type: 'syncChanged', projectId, sync: { operations } });
    } else store.dispatch({ type: 'operationsChanged', projectId, operations });
  };
  const change = (entry: Entry, part: Partial<Operation>): void => {
    entry.operation = { ...entry.operation, ...part };
    publish(entry.request);
  };
  const record = (projectId: string | null, entry: ActivityEntry): void => {
    store.dispatch({ type: 'activityAdded', projectId, entry });
  };

  const end = (entry: Entry, outcome: Pick<ActivityEntry, 'outcome' | 'text' | 'failure'>): void => {
    const { projectId, kind } = entry.request;
    const key = lineOf(entry.request);
    const line = lines.get(key) ?? [];
    lines.set(
      key,
      line.filter((other) => other !== entry),
    );
    const now = nowMs();
    const durationMs = now - (entry.operation.startedAtMs ?? entry.operation.queuedAtMs);
    log(`${kind} ${entry.request.subject}: ${outcome.outcome} in ${durationMs} ms`);
    // The ending first: whoever waits for it never sees the operation gone without one.
    const { id: operationId, output } = entry.operation;
    const kept = output === undefined ? {} : { output: { ...output, text: output.text.slice(-maxEndingOutput) } };
    record(projectId, { atMs: now, operationId, kind, durationMs, ...outcome, ...kept });
    publish(entry.request);
    if ([...lines.values()].every((others) => others.length === 0)) {
      for (const waiter of idleWaiters.splice(0)) waiter();
    }
  };

  const run = async (entry: Entry): Promise<void> => {
    const { request, abort } = entry;
    const progress = throttleProgress((one) => change(entry, { progress: one }), nowMs);
    change(entry, { startedAtMs: nowMs(), step: 'checking' });
    const work: OperationWork = {
      signal: abort.signal,
      step: (step, cancellable = false) => {
        progress.drop();
        const { login: _confirmed, ...operation } = entry.operation;
        entry.operation = operation;
        change(entry, { step, cancellable, progress: null });
      },
      showLogin: (login) => change(entry, { login }),
      progress: progress.tell,
      output: (text) => {
        const { output } = entry.operation;
        const all = (output?.text ?? '') + text;
        const length = (output?.length ?? 0) + text.length;
        entry.operation = { ...entry.operation, output: { text: all.slice(-maxOutput), length } };
      },
      notice: (text) => record(request.projectId, { atMs: nowMs(), kind: 'notice', outcome: 'notice', text }),
    };
    try {
      const text = await request.run(work);
      progress.drop();
      end(entry, { outcome: 'done', text });
    } catch (error) {
      progress.drop();
      const failure = failureOf(error);
      if (failure.code === 'internal') log(`${request.kind}: ${error instanceof Error ? error.stack : String(error)}`);
      if (failure.code === 'cancelled') end(entry, { outcome: 'cancelled', text: failure.message });
      else end(entry, { outcome: 'failed', text: failure.message, failure });
    }
    const next = lines.get(lineOf(request))?.[0];
    if (next !== undefined) void run(next);
  };

  return {
    add: (request) => {
      const key = lineOf(request);
      const line = lines.get(key) ?? [];
      const last = line.at(-1);
      if (last !== undefined && isSame(last, request)) return last.operation.id;
      if (line.length > maxWaiting) {
        throw failWith('queue-full', { folder: request.subject, waiting: line.length - 1 });
      }
      const entry: Entry = { request, abort: new AbortController(), operation: toOperation(request, nowMs()) };
      lines.set(key, [...line, entry]);
      publish(request);
      if (line.length === 0) void run(entry);
      return entry.operation.id;
    },
    cancel: (operationId) => {
      const entry = [...lines.values()].flat().find((one) => one.operation.id === operationId);
      if (entry === undefined) throw failWith('operation-unknown', { operationId });
      const action = describe(entry.request);
      if (entry.operation.startedAtMs === null) {
        end(entry, { outcome: 'cancelled', text: `${action} was cancelled before it began.` });
        return;
      }
      if (!entry.operation.cancellable) throw failWith('not-cancellable', { action });
      change(entry, { step: 'cancelling', cancellable: false });
      entry.abort.abort(failWith('cancelled', { action }));
    },
    idle: async () => {
      if ([...lines.values()].every((line) => line.length === 0)) return;
      await new Promise<void>((resolve) => idleWaiters.push(resolve));
    },
  };
}

/** A project id has no space in it. */
const lineOf = ({ projectId, lane }: OperationRequest): string | null =>
  lane === undefined ? projectId : `${projectId} ${lane}`;

/** Tells the first progress at once and then the latest one per interval, so that the last is never the one left out. */
function throttleProgress(
  publish: (progress: Progress) => void,
  nowMs: () => number,
): { readonly tell: (progress: Progress) => void; readonly drop: () => void } {
  let toldAtMs = 0;
  let waiting: Progress | null = null;
  let timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    timer = null;
    if (waiting === null) return;
    const latest = waiting;
    waiting = null;
    toldAtMs = nowMs();
    publish(latest);
  };
  return {
    tell: (progress) => {
      waiting = progress;
      const restMs = toldAtMs + progressIntervalMs - nowMs();
      if (restMs <= 0) flush();
      else timer ??= setTimeout(flush, restMs);
    },
    drop: () => {
      waiting = null;
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}

/** The same kind asked twice is one operation, unless it carries a choice of its own. */
function isSame(entry: Entry, request: OperationRequest): boolean {
  if (entry.abort.signal.aborted) return false;
  const { kind, subject, choice } = entry.request;
  return kind === request.kind && subject === request.subject && choice === request.choice;
}

function toOperation(request: OperationRequest, now: number): Operation {
  return {
    id: `op-${randomBytes(6).toString('hex')}`,
    kind: request.kind,
    subject: request.subject,
    step: 'waiting',
    cancellable: true,
    queuedAtMs: now,
    startedAtMs: null,
    progress: null,
  };
}

const verbs: { readonly [Kind in OperationKind]: string } = {
  start: 'Starting',
  stop: 'Stopping',
  restart: 'Restarting',
  rebuild: 'Rebuilding',
  adopt: 'Adopting the container of',
  setup: 'Setting up',
  'reconnect-network': 'Reconnecting the network of',
  'pull-image': 'Pulling',
  'build-base-image': 'Building',
  'unlock-vault': 'Unlocking the vault of',
  'save-vault': 'Saving the vault of',
  'lock-vault': 'Locking the vault of',
  'change-passphrase': 'Changing the passphrase of',
  sync: 'Syncing the vault of',
  'look-at-remote': 'Looking at the remote of',
  'pull-vault': 'Pulling the vault of',
  'keep-own-vault': 'Keeping the own vault of',
  'list-history': 'Listing the versions of',
  'preview-version': 'Looking into a version of',
  'restore-version': 'Restoring the vault of',
  'setup-storage': 'Setting up storage for',
  'log-in': 'Logging in for',
};

/** For example `Starting acme-api`. */
export function describe(request: Pick<OperationRequest, 'kind' | 'subject'>): string {
  return `${verbs[request.kind]} ${request.subject}`;
}
