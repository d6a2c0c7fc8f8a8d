import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Connection } from '../../../main/engine/docker/locate.ts';
import type { Bench } from './bench.ts';

/** An event as the thread received it. */
export interface ReceivedEvent {
  readonly action: string;
  readonly containerId: string;
  /** `process.hrtime`, the same clock in all threads. */
  readonly atNs: bigint;
}

export interface ListenerOptions {
  readonly connection: Connection;
  readonly actions: readonly string[];
}

/**
 * Listens to the engine's events on a stream of its own, in a thread of its own: what the engine core does with the same
 * event can't delay its time stamp.
 */
export async function listenToEvents(
  bench: Bench,
  actions: readonly string[],
  onEvent: (event: ReceivedEvent) => void,
): Promise<void> {
  const workerData: ListenerOptions = { connection: bench.connection, actions };
  const worker = new Worker(new URL('event-thread.ts', import.meta.url), { workerData });
  bench.atEnd(async () => void (await worker.terminate()));
  await once(worker, 'message');
  worker.on('message', onEvent);
}
