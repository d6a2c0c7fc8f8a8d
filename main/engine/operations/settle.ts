import type { Core } from '../core.ts';
import type { ObservedContainer } from '../state/core-state.ts';
import { waitForState } from '../state/store.ts';

/** The engine's event comes within a millisecond of its answer; after this wait a list is asked instead. */
const eventWaitMs = 1_000;

/**
 * Waits until the store knows what the engine has just done, so that an operation never ends before its effect shows.
 * The event stream stays the only source of state.
 */
export async function settle(
  core: Core,
  containerId: string,
  shows: (container: ObservedContainer | null) => boolean,
): Promise<void> {
  try {
    await waitForState(
      core.store,
      (state) => shows(state.containers.get(containerId) ?? null),
      AbortSignal.timeout(eventWaitMs),
    );
  } catch {
    core.ports.log(`container ${containerId.slice(0, 12)}: its event did not come, listing instead`);
    await core.connection.refresh();
  }
}

export const isGone = (container: ObservedContainer | null): boolean => container === null;
export const isDown = (container: ObservedContainer | null): boolean =>
  container?.status !== 'running' && container?.status !== 'paused';
export const isRunning = (container: ObservedContainer | null): boolean => container?.status === 'running';
