import type { Snapshot } from '../../preload/contract/snapshot.ts';
import { diffSnapshot, type SnapshotChange } from '../../preload/contract/snapshot-change.ts';

/** At most 20 updates a second, with room for timers that come early: faster than anyone reads, slow enough that a pull's progress does not keep two processes busy. */
export const minUpdateIntervalMs = 55;

interface PublisherOptions {
  /** What the subscriber has been sent already. */
  readonly first: Snapshot;
  /** Hands a change to the connection, in order; resolves when it is out of this process. */
  readonly send: (change: SnapshotChange) => Promise<void>;
}

/**
 * Brings one subscriber up to date: at once while things are calm, at most every 50 ms and never with more than one
 * update under way while they are not. What comes in between is skipped: only the newest snapshot counts.
 */
export class SnapshotPublisher {
  readonly #send: PublisherOptions['send'];
  #sent: Snapshot;
  #newest: Snapshot;
  #writing = false;
  #closed = false;
  #pause: NodeJS.Timeout | null = null;

  constructor({ first, send }: PublisherOptions) {
    this.#send = send;
    this.#sent = first;
    this.#newest = first;
  }

  /** Takes the engine's new snapshot. */
  publish(snapshot: Snapshot): void {
    this.#newest = snapshot;
    this.#sendIfFree();
  }

  /** Hands over what is pending now, whatever the pace: a command's answer must not overtake what it changed. */
  flush(): void {
    this.#sendNewest();
  }

  close(): void {
    this.#closed = true;
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#pause = null;
  }

  #sendIfFree(): void {
    if (!this.#writing && this.#pause === null) this.#sendNewest();
  }

  #sendNewest(): void {
    if (this.#closed || this.#newest === this.#sent) return;
    const change = diffSnapshot(this.#sent, this.#newest);
    this.#sent = this.#newest;
    this.#writing = true;
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.#pause = null;
      this.#sendIfFree();
    }, minUpdateIntervalMs);
    void this.#send(change).finally(() => {
      this.#writing = false;
      this.#sendIfFree();
    });
  }
}
