import type { ContainerState, Snapshot } from '../../preload/contract/snapshot.ts';

/** An agent with nothing to do stays this long, so that a script of several commands starts it once. */
export const idleEndMs = 10_000;

/** Whether nobody needs the host process: no client, and nothing in any project that it has to look after. */
export function isIdle(snapshot: Snapshot, clientCount: number): boolean {
  if (clientCount > 0 || snapshot.operations.length > 0) return false;
  return snapshot.projects.every(
    ({ container, operations, sessions, sync }) =>
      !isUp(container) &&
      operations.length + sessions.length + sync.operations.length === 0 &&
      // What was saved is still on its way to the remote.
      !sync.running,
  );
}

function isUp({ status }: ContainerState): boolean {
  return status === 'running' || status === 'paused';
}

interface IdleWatchOptions {
  readonly isIdle: () => boolean;
  readonly onIdle: () => void;
  readonly afterMs: number;
}

/** Waits for idleness to last. Driven by changes: tell it each one with `look`. */
export class IdleWatch {
  readonly #options: IdleWatchOptions;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(options: IdleWatchOptions) {
    this.#options = options;
  }

  /** Something changed: begins the wait, goes on with it, or calls it off. */
  look(): void {
    if (this.#stopped) return;
    const idle = this.#options.isIdle();
    if (idle) this.#timer ??= setTimeout(() => this.#end(), this.#options.afterMs);
    else this.#cancel();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #end(): void {
    this.#timer = null;
    if (!this.#options.isIdle()) return;
    this.#stopped = true;
    this.#options.onIdle();
  }

  #cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
