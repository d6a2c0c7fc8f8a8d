import * as v from 'valibot';
import type { Failure } from './errors.ts';

/**
 * The vault as clients see it: what can be asked of it, and what is shown. A passphrase appears in the fields made of
 * `PassphraseSchema` and nowhere else; every issue of theirs is a fixed sentence, so that no error repeats one.
 */

const maxPassphraseLength = 1024;

export const PassphraseSchema = v.pipe(
  v.string('a passphrase is text'),
  v.minLength(1, 'a passphrase has at least one character'),
  v.maxLength(maxPassphraseLength, `a passphrase has at most ${maxPassphraseLength} characters`),
);

export type VaultStatus =
  /** No vault file in the folder. */
  | 'absent'
  | 'locked'
  | 'unlocking'
  | 'unlocked'
  | 'locking'
  /** Its files are there in the container, but nobody here has the key: `unlockVault` asks for it once. */
  | 'mounted';

export interface VaultState {
  readonly status: VaultStatus;
  /** Size of the encrypted file; null where there is none. */
  readonly fileBytes: number | null;
  /** When the file was last written, by whomever. */
  readonly lastSavedAtMs: number | null;
  /** A save is under way. */
  readonly saving: boolean;
  /** Unlocked: since when a look found what the file does not hold; null where the last look found nothing. */
  readonly dirtySinceMs: number | null;
  /** When the vault was last seen to hold what the file holds: what changed later may be unsaved. */
  readonly lastCheckedAtMs: number | null;
  /** The container ended without our doing while the vault was unlocked: what changed since then is lost. */
  readonly lostSinceMs: number | null;
  /** As of the last look; null while it is not unlocked. */
  readonly content: VaultContent | null;
  readonly limitBytes: number;
  /** Why the last attempt to unlock, save or lock failed; null after one that went well. */
  readonly failure: Failure | null;
  /** Processes that keep a lock from being done; asked for by `vault-held-open`. */
  readonly holders: readonly VaultHolder[];
  /** Tries before the next wait. */
  readonly triesLeft: number;
  /** No try is taken before this time; null where one may be made now. */
  readonly retryAtMs: number | null;
  /** The passphrase is kept on this device: `unlockVault` needs none. */
  readonly remembered: boolean;
  /** Why it can't be kept here; null where it can. */
  readonly rememberRefusal: string | null;
  /** Names of conflict copies beside the file, in `.tazpod/vault`. */
  readonly conflictCopies: readonly string[];
}

export interface VaultContent {
  readonly usedBytes: number;
  readonly memberCount: number;
  /** The first of them by path; never contents. */
  readonly members: readonly VaultMember[];
}

/** Longest list of members in a snapshot. */
export const maxShownMembers = 200;

export interface VaultMember {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink';
  readonly sizeBytes: number;
}

/** A process inside the container that stands in the vault or has a file of it open. */
export interface VaultHolder {
  readonly processId: number;
  /** For example `bash`. */
  readonly name: string;
}

/** What the vault's tmpfs holds at most. */
export const vaultLimitBytes = 64 * 1024 * 1024;
/** Tries before the first wait. */
export const vaultTries = 3;

/** The state before a folder was looked at. */
export const absentVault: VaultState = {
  status: 'absent',
  fileBytes: null,
  lastSavedAtMs: null,
  saving: false,
  dirtySinceMs: null,
  lastCheckedAtMs: null,
  lostSinceMs: null,
  content: null,
  limitBytes: vaultLimitBytes,
  failure: null,
  holders: [],
  triesLeft: vaultTries,
  retryAtMs: null,
  remembered: false,
  rememberRefusal: null,
  conflictCopies: [],
};
