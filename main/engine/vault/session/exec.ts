/** A script to run in the container, without a terminal. */
export interface VaultScript {
  readonly script: string;
  readonly args?: readonly string[];
  /** Written to the script's input, which then ends. What it throws is thrown once the script has ended. */
  readonly input?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** `uid:gid` to run as; absent for root. */
  readonly user?: string;
}

export interface VaultScriptEnd {
  readonly exitCode: number;
  /** In chunks as they came, so that they can be wiped. */
  readonly output: readonly Buffer[];
  /** What it printed on its error output, cut to a few lines. */
  readonly errorText: string;
}

/**
 * Runs scripts in one container: the vault's only way to the engine, composed outside.
 * @throws TazpodError of the engine where it can't be asked
 */
export type VaultExec = (script: VaultScript) => Promise<VaultScriptEnd>;
