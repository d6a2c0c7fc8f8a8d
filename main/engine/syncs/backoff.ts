import type { ErrorCode } from '../../../preload/contract/errors.ts';

/** After a failure that may end by itself; doubled after each one that follows. */
const firstRetryMs = 30_000;
const longestRetryMs = 30 * 60_000;

/** Nothing but a person's doing ends these: a wrong key asked for every minute locks accounts and fills logs. */
const finalCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'not-trusted',
  'config-missing',
  'config-invalid',
  'config-symlink',
  'sync-no-remote',
  'sync-endpoint-refused',
  'sync-folder-inside',
  'sync-credentials',
  'sync-login-needed',
  'sync-refused',
  'sync-bucket-missing',
  'folder-not-writable',
  'state-file-damaged',
]);

/** Whether trying again changes nothing until somebody did something. */
export function isFinal(code: ErrorCode): boolean {
  return finalCodes.has(code);
}

/**
 * The wait after the n-th failure in a row.
 * @param failures 1 or more
 * @param random from 0 to 1: spreads what failed at the same time
 */
export function toRetryDelayMs(failures: number, random: number): number {
  return spread(Math.min(firstRetryMs * 2 ** Math.min(failures - 1, 20), longestRetryMs), random);
}

/** An interval made up to a tenth shorter or longer, so that many projects do not ask at the same moment. */
export function spread(delayMs: number, random: number): number {
  return Math.round(delayMs * (0.9 + 0.2 * random));
}
