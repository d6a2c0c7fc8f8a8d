import { vaultLimitBytes, type VaultHolder } from '../../../../preload/contract/vault.ts';
import { failWith, type TazpodError } from '../../failure.ts';
import type { VaultExec, VaultScript, VaultScriptEnd } from './exec.ts';
import * as scripts from './scripts.ts';

/** A process that has the vault open, with its start time in clock ticks: its PID may go to another. */
export interface OpenHolder extends VaultHolder {
  readonly startTicks: string;
}

/** The vault's tmpfs in one container. Every call asks the container anew; nothing is remembered here. */
export interface TmpfsSession {
  isOpen(): Promise<boolean>;
  /**
   * Mounts the tmpfs (hardened: uses the engine's) and unpacks the tar into it, in one exec session. Where it fails
   * nothing stays mounted.
   * @param user the config's; 1000:1000 where the container does not know it
   * @param tar with any owner, what is unpacked goes to the user; no member for the folder itself, whose mode it would change
   *   Until it comes the container only gets ready; where it fails, nothing was mounted, and so does this
   * @returns null where one is open already, which is left as it is
   * @throws TazpodError vault-tools-missing, vault-mount-failed
   */
  open(
    user: string,
    tar: Iterable<Uint8Array> | Promise<Iterable<Uint8Array>>,
  ): Promise<{ readonly owner: string } | null>;
  /**
   * The vault's files as an uncompressed tar; whoever asked wipes the chunks.
   * @throws TazpodError vault-not-unlocked, vault-tools-missing, vault-mount-failed
   */
  pack(): Promise<readonly Buffer[]>;
  holders(): Promise<readonly OpenHolder[]>;
  endHolders(holders: readonly OpenHolder[]): Promise<void>;
  /**
   * Deletes the files, unmounts (not the engine's tmpfs), checks. One that is not open is fine.
   * @throws TazpodError vault-not-emptied
   */
  close(): Promise<void>;
}

export interface TmpfsSessionOptions {
  readonly exec: VaultExec;
  /** For the words of a failure. */
  readonly folder: string;
  readonly image: string;
  readonly profile: 'standard' | 'hardened';
}

/** What the engine says, with its own exit codes, where a container has no sh. */
const noShell = /exec failed|executable file not found|no such file or directory/iu;

export function createTmpfsSession({ exec, folder, image, profile }: TmpfsSessionOptions): TmpfsSession {
  const { scriptExits } = scripts;
  const run = async (script: VaultScript): Promise<VaultScriptEnd> => {
    const end = await exec({ ...script, script: `profile=${profile}\n${script.script}` });
    if (end.exitCode === scriptExits.toolsMissing) throw toMissing(image, /missing: (?<tools>.*)/u, end.errorText);
    const said = `${end.errorText}${Buffer.concat(end.output.slice(0, 1)).toString('latin1', 0, 500)}`;
    if ((end.exitCode === 126 || end.exitCode === 127) && noShell.test(said)) {
      throw failWith('vault-tools-missing', { image, missing: ['sh'] });
    }
    return end;
  };
  const listAs = async (user: string | null): Promise<string> => {
    const end = await run({ script: scripts.holdersScript, ...(user === null ? {} : { user }) });
    return Buffer.concat(end.output).toString('utf8');
  };

  return {
    isOpen: async () => (await run({ script: scripts.lookScript })).exitCode === 0,
    open: async (user, tar) => {
      const coming = Promise.resolve(tar);
      // Where the container can't be reached nobody waits for it.
      coming.catch(() => undefined);
      const end = await run({ script: scripts.openScript, args: [user], input: lineThenTar(coming) });
      if (end.exitCode === scriptExits.mounted) return null;
      if (end.exitCode !== 0) throw toOpenFailure(end);
      return { owner: Buffer.concat(end.output).toString('utf8').trim() };
    },
    pack: async () => {
      const { exitCode, output, errorText } = await run({ script: scripts.packScript });
      if (exitCode === 0) return output;
      for (const chunk of output) chunk.fill(0);
      if (exitCode === scriptExits.notMounted) throw failWith('vault-not-unlocked', { folder });
      throw failWith('vault-mount-failed', { reason: `tar ended with ${exitCode}: ${errorText}` });
    },
    holders: async () => {
      const listed = await listAs(null);
      const users = new Set(
        Array.from(listed.matchAll(/^unreadable (?<uid>\d+) (?<gid>\d+)$/gmu), ([, uid, gid]) => `${uid}:${gid}`),
      );
      const others = await Promise.all(Array.from(users, listAs));
      return parseHolders([listed, ...others].join('\n'));
    },
    endHolders: async (holders) => {
      const args = holders.map(({ processId, startTicks }) => `${processId}:${startTicks}`);
      if (args.length > 0) await run({ script: scripts.endHoldersScript, args });
    },
    close: async () => {
      const { exitCode, errorText } = await run({ script: scripts.closeScript });
      if (exitCode !== 0) throw failWith('vault-not-emptied', { reason: errorText || `it ended with ${exitCode}` });
    },
  };
}

async function* lineThenTar(coming: Promise<Iterable<Uint8Array>>): AsyncGenerator<Uint8Array> {
  const tar = await coming;
  yield Buffer.from('go\n');
  yield* tar;
}

function toMissing(image: string, pattern: RegExp, errorText: string): TazpodError {
  const tools = pattern.exec(errorText)?.groups?.['tools'] ?? '';
  return failWith('vault-tools-missing', { image, missing: tools.split(' ').filter((tool) => tool !== '') });
}

function toOpenFailure({ exitCode, errorText }: VaultScriptEnd): TazpodError {
  const { scriptExits } = scripts;
  const reasons: Readonly<Record<number, string>> = {
    [scriptExits.notMounted]: 'the container was made without its tmpfs',
    [scriptExits.unsafePath]: `${scripts.vaultPath} or .aws is a symbolic link`,
  };
  const full = /no space left/iu.test(errorText) ? `it holds ${vaultLimitBytes / 1024 / 1024} MiB at most` : null;
  return failWith('vault-mount-failed', { reason: reasons[exitCode] ?? full ?? (errorText || `code ${exitCode}`) });
}

function parseHolders(listed: string): readonly OpenHolder[] {
  const lines = listed.matchAll(/^holder (?<pid>\d+) (?<start>\d+) (?<name>.*)$/gmu);
  const found = new Map<number, OpenHolder>();
  for (const [, pid = '', startTicks = '', name = ''] of lines) {
    found.set(Number(pid), { processId: Number(pid), name, startTicks });
  }
  return [...found.values()].toSorted((left, right) => left.processId - right.processId);
}
