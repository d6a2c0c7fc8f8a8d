import { noSync } from '../../preload/contract/sync.ts';
import { absentVault } from '../../preload/contract/vault.ts';
import type { Command } from '../../preload/contract/commands.ts';
import { toFailure, type Failure } from '../../preload/contract/errors.ts';
import type { CommandAnswer, Result } from '../../preload/contract/parse.ts';
import type { OutputStream, SessionEnd, SessionRequest, TerminalSize } from '../../preload/contract/session.ts';
import type { ProjectState, Snapshot } from '../../preload/contract/snapshot.ts';
import type { Engine, Session, SessionSink } from '../engine/engine.ts';
import type { VaultHandover } from '../engine/vaults/handover.ts';
import type { EnginePorts } from '../engine/ports.ts';

/** A fake engine for tests of the host: keeps a snapshot in memory and opens sessions that print what they are told. */
export class FakeEngine implements Engine {
  readonly executed: Command[] = [];
  readonly sessions: FakeSession[] = [];
  closed = false;
  drained = false;
  /** What is handed over. */
  vaults: readonly VaultHandover[] = [];
  /** Vaults were asked to be locked. */
  locked = false;
  /** How often it was told that the machine woke. */
  wakings = 0;
  /** What `drain` waits for. */
  running: Promise<void> = Promise.resolve();
  /** What `openSession` waits for. */
  opening: Promise<void> = Promise.resolve();
  readonly #ports: Pick<EnginePorts, 'kind' | 'version' | 'quit'>;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  #snapshot: Snapshot;

  constructor(ports: Pick<EnginePorts, 'kind' | 'version' | 'quit'>) {
    this.#ports = ports;
    this.#snapshot = emptySnapshot(ports);
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  async execute(command: Command): Promise<CommandAnswer> {
    if (this.drained) return { accepted: false, failure: toFailure('host-stopping', { reason: 'it is drained' }) };
    this.executed.push(command);
    if (command.type === 'quitHost') this.#ports.quit();
    if (command.type === 'registerProject')
      this.change({ projects: [...this.#snapshot.projects, fakeProject(command.folder)] });
    return { accepted: true };
  }

  snapshot(): Snapshot {
    return this.#snapshot;
  }

  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async openSession(request: SessionRequest, sink: SessionSink): Promise<Result<Session>> {
    await this.opening;
    if (request.projectId === 'f'.repeat(16)) {
      return { ok: false, failure: toFailure('project-unknown', { wanted: request.projectId }) };
    }
    const session = new FakeSession(`session-${this.sessions.length}`, request, {
      onData: (bytes, stream) => sink.onData(bytes, stream),
      onEnd: (end) => {
        sink.onEnd(end);
        this.#showSessions();
      },
    });
    this.sessions.push(session);
    this.#showSessions();
    return { ok: true, value: session };
  }

  async lockVaults(): Promise<readonly Failure[]> {
    this.locked = true;
    return Promise.resolve([]);
  }

  async handOverVaults(): Promise<readonly VaultHandover[]> {
    return Promise.resolve(this.vaults);
  }

  woke(): void {
    this.wakings += 1;
  }

  async drain(): Promise<void> {
    this.drained = true;
    await this.running;
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.sessions.map((session) => session.end()));
  }

  /** Shows the open sessions as those of one project. */
  #showSessions(): void {
    const open = this.sessions.filter(({ ended }) => !ended);
    const sessions = open.map(({ id }) => ({ id, kind: 'shell' as const, title: 'bash', kept: false, openedAtMs: 0 }));
    this.change({ projects: [fakeProject('/sessions', { sessions })] });
  }

  change(fields: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...fields, revision: this.#snapshot.revision + 1 };
    for (const listener of this.#listeners) listener(this.#snapshot);
  }
}

/** A fake session: prints on demand, remembers what was typed. */
export class FakeSession implements Session {
  readonly id: string;
  readonly request: SessionRequest;
  readonly typed: Uint8Array[] = [];
  readonly sizes: TerminalSize[] = [];
  paused = false;
  pauseCount = 0;
  ended = false;
  inputEnded = false;
  /** What `write` waits for. */
  taking: Promise<void> = Promise.resolve();
  readonly #sink: SessionSink;
  #onResume: (() => void) | null = null;

  constructor(id: string, request: SessionRequest, sink: SessionSink) {
    this.id = id;
    this.request = request;
    this.#sink = sink;
  }

  print(bytes: Uint8Array, stream?: OutputStream): void {
    this.#sink.onData(bytes, stream);
  }

  /** Prints all of it in pieces, as long as nobody pauses it. */
  async printAll(bytes: Uint8Array, pieceBytes: number): Promise<void> {
    for (let start = 0; start < bytes.length; start += pieceBytes) {
      while (this.paused) await new Promise<void>((resolve) => (this.#onResume = resolve));
      this.print(bytes.subarray(start, start + pieceBytes));
    }
  }

  exit(end: SessionEnd): void {
    if (this.ended) return;
    this.ended = true;
    this.#sink.onEnd(end);
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.typed.push(Uint8Array.from(bytes));
    await this.taking;
  }

  endInput(): void {
    this.inputEnded = true;
  }

  resize(size: TerminalSize): void {
    this.sizes.push(size);
  }

  pause(): void {
    this.paused = true;
    this.pauseCount += 1;
  }

  resume(): void {
    this.paused = false;
    this.#onResume?.();
  }

  async end(): Promise<void> {
    this.exit({ reason: 'closed' });
  }
}

function emptySnapshot({ kind, version }: Pick<EnginePorts, 'kind' | 'version'>): Snapshot {
  return {
    revision: 0,
    host: { kind, version, runtime: 'Node', processId: process.pid, installId: 'fake-installation', startedAtMs: 0 },
    engine: { status: 'connecting', endpoint: 'unix:///nowhere' },
    projects: [],
    operations: [],
    activity: [],
    images: [],
  };
}

/** A project as the engine would show it before anything was done with it. */
export function fakeProject(folder: string, fields: Partial<ProjectState> = {}): ProjectState {
  return {
    id: Buffer.from(folder).toString('hex').padStart(16, '0').slice(-16),
    folder,
    name: folder,
    folderStatus: 'present',
    config: { status: 'absent', file: `${folder}/.tazpod/config.yaml` },
    trust: { status: 'unknown' },
    container: { status: 'missing' },
    drift: [],
    imageChange: null,
    volumes: [],
    network: { mtu: null, wantedMtu: null, tooLarge: false },
    operations: [],
    failure: null,
    activity: [],
    vault: absentVault,
    sync: noSync,
    adoptable: null,
    ports: [],
    sessions: [],
    ...fields,
  };
}
