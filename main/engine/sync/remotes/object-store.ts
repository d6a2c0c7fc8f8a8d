/** An object of a store without its bytes. */
export interface StoredObject {
  /** Without quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  /** When it was written last, by the store's clock, in milliseconds since the Unix epoch. */
  readonly timeMs: number;
  /** Names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What must be true of a key for a write to happen. */
export type WriteCondition =
  | { readonly kind: 'none' }
  | { readonly kind: 'absent' }
  /** Services differ in whether they want the ETag in quotes. */
  | { readonly kind: 'match'; readonly etag: string; readonly isQuoted: boolean };

/** What is written under a key. */
export interface NewObject {
  readonly bytes: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The few requests that sync makes of an S3 service. All throw TazpodError `sync-unreachable`, `sync-credentials`,
 * `sync-refused`, `sync-bucket-missing`, `sync-remote-failed` or `cancelled`.
 */
export interface ObjectStore {
  head(key: string, signal: AbortSignal): Promise<StoredObject | null>;
  get(key: string, signal: AbortSignal): Promise<{ readonly object: StoredObject; readonly bytes: Uint8Array } | null>;
  /** @returns its ETag without quotes; null where the condition did not hold */
  put(key: string, object: NewObject, condition: WriteCondition, signal: AbortSignal): Promise<string | null>;
  list(prefix: string, signal: AbortSignal): Promise<readonly { readonly key: string; readonly sizeBytes: number }[]>;
  /** A key that is not there is no error. */
  remove(key: string, signal: AbortSignal): Promise<void>;
}
