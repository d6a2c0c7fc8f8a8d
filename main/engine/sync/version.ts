/** One state of the encrypted vault as a remote holds it. */
export interface RemoteVersion {
  /** Names exactly these bytes: S3's ETag without quotes, or a folder version's name. */
  readonly etag: string;
  /** Hash of the plain members (`last-content.hash`); null where whoever pushed did not tell it. */
  readonly contentHash: string | null;
  /** null for the Go tool's objects, which carry none. */
  readonly vaultId: string | null;
  readonly sizeBytes: number;
  /** Host name of the machine that pushed it; null where it was not told. */
  readonly machine: string | null;
  /** Milliseconds since the Unix epoch, by the remote's clock where it has one. */
  readonly timeMs: number;
  /** The versions that it followed. */
  readonly parents: readonly string[];
  /** Another version with other content followed the same parent (folder remotes only). */
  readonly isForked: boolean;
}

/** The encrypted vault on this machine. */
export interface LocalVersion {
  /** `last-content.hash`, or `file:` and the SHA-256 of the encrypted bytes where that is not known. */
  readonly contentHash: string;
  /** null for a vault that the Go tool made. */
  readonly vaultId: string | null;
  readonly sizeBytes: number;
}

/** The last state in which this machine and the remote agreed. */
export interface BaseVersion {
  readonly etag: string | null;
  /** The local content then. */
  readonly contentHash: string | null;
  /** Content of a push that was begun and whose answer was not seen: a remote that has it agrees with us. */
  readonly pushing: string | null;
  /** A person said that this place, whose objects carry no vault id, is this vault's. */
  readonly isAdopted: boolean;
}

/** Before anything was pushed or pulled. */
export const noBase: BaseVersion = { etag: null, contentHash: null, pushing: null, isAdopted: false };

/** An encrypted vault with what goes along with it. */
export interface VaultFile {
  readonly bytes: Uint8Array;
  readonly contentHash: string | null;
  readonly vaultId: string | null;
  readonly machine: string | null;
}

/** A copy in a remote's history. */
export interface HistoryEntry {
  /** For example `vault-20260102T030405` or `vault-20260102T030405-2`. */
  readonly name: string;
  readonly timeMs: number;
  readonly sizeBytes: number;
}
