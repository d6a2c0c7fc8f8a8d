import type { Command, CommandType } from '../../../preload/contract/commands.ts';
import type { CommandAnswer, Result } from '../../../preload/contract/parse.ts';
import type { OutputStream, SessionEnd, SessionRequest, TerminalSize } from '../../../preload/contract/session.ts';
import type { ProjectState, Snapshot } from '../../../preload/contract/snapshot.ts';
import { toFailure } from '../../../preload/contract/errors.ts';
import type { CliConnector, CliHost, CliSession, CliSessionSink } from '../host.ts';

type Handler = (command: Command) => CommandAnswer | Promise<CommandAnswer>;

/** A session of the fake host, driven by the test. */
export interface FakeSession {
  readonly request: SessionRequest;
  readonly written: string[];
  readonly sizes: TerminalSize[];
  readonly isEnded: () => boolean;
  readonly isInputEnded: () => boolean;
  print(text: string, stream?: OutputStream): void | Promise<void>;
  end(end: SessionEnd): void;
}

/** A host process that is none: it keeps a snapshot, records commands and answers them as the test says. */
export class FakeHost implements CliHost {
  readonly commands: Command[] = [];
  readonly sessions: FakeSession[] = [];
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #handlers = new Map<CommandType, Handler>();
  #closed = Promise.withResolvers<{ by: 'host' | 'us' | 'loss'; reason?: string }>();
  onSession: (session: FakeSession) => void = () => undefined;
  state: Snapshot;

  constructor(state: Snapshot) {
    this.state = state;
  }

  get closed(): CliHost['closed'] {
    return this.#closed.promise;
  }

  /** A new connection to the same host. */
  connect(): this {
    this.#closed = Promise.withResolvers();
    this.#listeners.clear();
    return this;
  }

  on(type: CommandType, handler: Handler): this {
    this.#handlers.set(type, handler);
    return this;
  }

  publish(changes: Partial<Snapshot>): void {
    this.state = { ...this.state, ...changes, revision: this.state.revision + 1 };
    for (const listener of this.#listeners) listener(this.state);
  }

  /** Changes the only project. */
  publishProject(changes: Partial<ProjectState>): void {
    this.publish({ projects: this.state.projects.map((project) => ({ ...project, ...changes })) });
  }

  lose(reason = 'it broke'): void {
    this.#closed.resolve({ by: 'loss', reason });
  }

  sent(type: CommandType): Command[] {
    return this.commands.filter((command) => command.type === type);
  }

  async execute(command: Command): Promise<CommandAnswer> {
    this.commands.push(command);
    return (await this.#handlers.get(command.type)?.(command)) ?? { accepted: true };
  }

  subscribe(listener: (snapshot: Snapshot) => void): Promise<Result<Snapshot>> {
    this.#listeners.add(listener);
    return Promise.resolve({ ok: true, value: this.state });
  }

  openSession(request: SessionRequest, sink: CliSessionSink): Promise<Result<CliSession>> {
    const written: string[] = [];
    const sizes: TerminalSize[] = [];
    let isEnded = false;
    let isInputEnded = false;
    const end = (reason: SessionEnd): void => {
      if (!isEnded) sink.onEnd(reason);
      isEnded = true;
    };
    const fake: FakeSession = {
      request,
      written,
      sizes,
      isEnded: () => isEnded,
      isInputEnded: () => isInputEnded,
      print: (text, stream = 'output') => sink.onData(Buffer.from(text), stream),
      end,
    };
    this.sessions.push(fake);
    setTimeout(() => this.onSession(fake), 0);
    const session: CliSession = {
      write: (bytes) => {
        written.push(Buffer.from(bytes).toString());
        return Promise.resolve();
      },
      endInput: () => {
        isInputEnded = true;
      },
      resize: (size) => {
        sizes.push(size);
      },
      end: () => {
        end({ reason: 'closed' });
        return Promise.resolve();
      },
    };
    return Promise.resolve({ ok: true, value: session });
  }

  close(): void {
    this.#closed.resolve({ by: 'us' });
  }
}

/** Connects to the fake hosts one after the other; the last one stays. None at all: the agent can't be started. */
export function fakeConnector(...hosts: readonly FakeHost[]): CliConnector {
  let next = 0;
  return {
    connectOrStart: () => {
      const host = hosts[Math.min(next, hosts.length - 1)];
      next += 1;
      return Promise.resolve(
        host === undefined
          ? { ok: false, failure: toFailure('host-start-failed', { reason: 'no agent', logFile: '/log' }) }
          : { ok: true, value: host.connect() },
      );
    },
    connectIfRunning: () => {
      const [host] = hosts;
      return Promise.resolve({
        ok: true,
        value: host === undefined ? null : { host: host.connect(), isSameProtocol: true },
      });
    },
    folders: () => {
      const state = '/home/me/.local/state/tazpod';
      return Promise.resolve({ runtime: '/run/user/1000/tazpod', state, logFile: `${state}/host.log` });
    },
  };
}
