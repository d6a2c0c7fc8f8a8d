import { vaultTries } from '../../../preload/contract/vault.ts';

/** Wrong passphrases in a row. A right one begins anew. */
export interface Tries {
  readonly failed: number;
  /** No try is taken before this time; null where one may be made now. */
  readonly retryAtMs: number | null;
}

export const noTries: Tries = { failed: 0, retryAtMs: null };

/** Long enough to make guessing by hand useless, short enough for somebody who mistyped. */
const firstDelayMs = 5_000;
const longestDelayMs = 5 * 60_000;

/** After one more wrong passphrase: from the third on each is followed by a wait twice as long as the last. */
export function afterFailure(tries: Tries, nowMs: number): Tries {
  const failed = tries.failed + 1;
  if (failed < vaultTries) return { failed, retryAtMs: null };
  const delayMs = Math.min(firstDelayMs * 2 ** (failed - vaultTries), longestDelayMs);
  return { failed, retryAtMs: nowMs + delayMs };
}

/** Tries before the next wait. */
export function triesLeft({ failed, retryAtMs }: Tries, nowMs: number): number {
  if (failed < vaultTries) return vaultTries - failed;
  return waitMs({ failed, retryAtMs }, nowMs) > 0 ? 0 : 1;
}

/** Milliseconds until a try may be made. A clock that was set back never makes it longer than it was meant to be. */
export function waitMs({ retryAtMs }: Tries, nowMs: number): number {
  return retryAtMs === null ? 0 : Math.min(Math.max(retryAtMs - nowMs, 0), longestDelayMs);
}
