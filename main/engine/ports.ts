import type { PassphraseKeeper } from './passphrase-keeper.ts';

/**
 * What the engine core needs from outside, as a plain record: the two hosts (app and agent) pass the real ones, tests
 * pass others.
 */
export interface EnginePorts {
  readonly kind: 'app' | 'agent';
  readonly version: string;
  /** Engine core's own files (registry, trust, install id, session records); 0700. */
  readonly stateFolder: string;
  /** Canonical path of the user's home folder. */
  readonly homeFolder: string;
  /** Environment that decides which engine is used: DOCKER_HOST, DOCKER_CONTEXT, DOCKER_CONFIG, XDG_RUNTIME_DIR. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder with the base image's Dockerfile and its debootstrap script. */
  readonly baseImageFolder: string;
  /** Vaults that the host process before had unlocked, as it gave them; unchecked. */
  readonly handedOverVaults?: readonly unknown[];
  /** This device's key store; absent where there is none. */
  readonly passphraseKeeper?: PassphraseKeeper;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
  /** One line for the host process's log; never secrets. */
  readonly log: (line: string) => void;
  /** Asks the host to end; called by `quitHost`. */
  readonly quit: () => void;
}
