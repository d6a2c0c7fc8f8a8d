import type { Failure } from '../../../preload/contract/errors.ts';
import type { SyncQuestion, SyncState } from '../../../preload/contract/sync.ts';
import type { VaultMember } from '../../../preload/contract/vault.ts';
import { toFailure } from '../../../preload/contract/errors.ts';
import type { SyncOutcome } from '../sync/run.ts';

/** What is known of the vault here beside its version. */
export interface OwnFacts {
  readonly machine: string;
  readonly modifiedAtMs: number | null;
  readonly members: readonly VaultMember[] | null;
}

type Question = Extract<SyncOutcome, { readonly remote: unknown }>;

/** Whether a person has to say something. */
export function isQuestion(outcome: SyncOutcome): outcome is Question {
  return 'remote' in outcome;
}

/** What the snapshot shows after a run that ended this way. */
export function toShown(outcome: SyncOutcome, own: OwnFacts, nowMs: number): Partial<SyncState> {
  const common = { failure: null, lastRunAtMs: nowMs, question: null } as const;
  switch (outcome.type) {
    case 'agreed':
    case 'pushed':
    case 'pulled':
      return { ...common, lastPushedAtMs: outcome.version.timeMs };
    case 'by-hand-only':
      return { ...common, byHandReason: outcome.reason };
    case 'nothing':
    case 'to-push':
      return common;
    case 'raced':
      // The next run sees what it is.
      return { failure: null, lastRunAtMs: nowMs };
    default:
      return { ...common, question: toQuestion(outcome, own) };
  }
}

function toQuestion({ type, local, remote }: Question, own: OwnFacts): SyncQuestion {
  const { etag, timeMs, machine, sizeBytes } = remote;
  const { modifiedAtMs, members } = own;
  const mine =
    local === null ? null : { timeMs: modifiedAtMs, machine: own.machine, sizeBytes: local.sizeBytes, members };
  return { kind: type, mine, theirs: { etag, timeMs, machine, sizeBytes, members: null } };
}

/** The same as a failure, for whoever asked for the run; null where it did what was asked. */
export function toRefusal(outcome: SyncOutcome, folder: string, remote: string): Failure | null {
  switch (outcome.type) {
    case 'conflict':
      return toFailure('sync-conflict', { folder, remote });
    case 'offer-pull':
      return toFailure('sync-behind', { folder, remote });
    case 'ask-adopt':
      return toFailure('sync-not-adopted', { folder, remote });
    case 'other-vault':
      return toFailure('sync-other-vault', { folder, remote });
    case 'raced':
      return toFailure('sync-raced', { remote });
    default:
      return null;
  }
}

/** One line for the activity and the log. */
export function toWords(outcome: SyncOutcome, remote: string): string {
  switch (outcome.type) {
    case 'nothing':
      return 'There is no vault here and none at the remote.';
    case 'agreed':
      return `The vault is the same here and at ${remote}.`;
    case 'pushed':
      return `Pushed the vault (${outcome.version.sizeBytes} bytes) to ${remote}.`;
    case 'pulled':
      return `Took the vault (${outcome.version.sizeBytes} bytes) from ${remote}.`;
    case 'to-push':
      return `The vault here is newer than what ${remote} has.`;
    case 'by-hand-only':
      return `Not pushed by itself to ${remote}: ${outcome.reason}.`;
    default:
      return toRefusal(outcome, 'this project', remote)?.message ?? '';
  }
}
