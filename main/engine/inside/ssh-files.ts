import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { hasCode, reasonOf } from '../failure.ts';
import type { UserIds } from './user-ids.ts';

/** What of ~/.ssh needs care before it serves inside. */
export interface SshFiles {
  /** A config to use inside in place of the host's; null where the host's own serves. */
  readonly config: string | null;
  /** One for each key that ssh would refuse inside. */
  readonly problems: readonly SshProblem[];
}

export interface SshProblem {
  /** One sentence: which file, and why. */
  readonly what: string;
  readonly nextStep: string;
}

/** Keys and configs are a few kilobytes; what is larger is neither. */
const maxBytes = 64 * 1024;

/** Options that only Apple's ssh knows: every other one ends with "Bad configuration option". */
const appleOption = /^[ \t]*usekeychain\b/imu;

/** Looks through ~/.ssh as the user inside will see it. */
export async function lookAtSshFiles(sshFolder: string, inside: UserIds | null): Promise<SshFiles> {
  const problems: SshProblem[] = [];
  let config: string | null = null;
  let isAppleIncluded = false;
  let names: readonly string[];
  try {
    names = await readdir(sshFolder);
  } catch (error) {
    return {
      config,
      problems: [
        {
          what: `${sshFolder} can't be read: ${reasonOf(error)}.`,
          nextStep: `Give it to yourself: chmod 700 ${sshFolder}`,
        },
      ],
    };
  }
  for (const name of names) {
    const file = path.join(sshFolder, name);
    const found = await readSmallFile(file);
    if (found === null) continue;
    const { text, uid, gid, mode } = found;
    const isKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/u.test(text);
    if (inside !== null && (isKey || name === 'config')) {
      const problem = accessProblem(file, { uid, gid, mode }, inside, isKey);
      if (problem !== null && isKey) problems.push(problem);
      if (problem !== null && !isKey) config = text;
    }
    if (name === 'config' && appleOption.test(text)) config = text;
    if (name === 'config' && /^[ \t]*include\b/imu.test(text)) isAppleIncluded = await includesApple(sshFolder);
    if (name === 'config' && isAppleIncluded) config = text;
  }
  return { config: config === null ? null : toPortableConfig(config), problems };
}

/**
 * The config with one line before it that lets Linux' ssh pass over Apple's options, in included files too. Patterns
 * that the config itself names stay in force: the first IgnoreUnknown is the one that counts.
 */
export function toPortableConfig(text: string): string {
  const own = /^[ \t]*ignoreunknown[ \t=]+(?<patterns>.+)$/imu.exec(text)?.groups?.['patterns']?.trim();
  return `IgnoreUnknown UseKeychain${own === undefined ? '' : `,${own}`}\n${text}`;
}

/** Why ssh of a user refuses a file; null where it takes it. The rules are ssh's own (sshkey_perm_ok, read_config_file). */
export function accessProblem(
  file: string,
  about: { readonly uid: number; readonly gid: number; readonly mode: number },
  inside: UserIds,
  isKey: boolean,
): SshProblem | null {
  const mode = about.mode & 0o777;
  const shown = mode.toString(8).padStart(4, '0');
  if (about.uid === inside.uid) {
    if (isKey && (mode & 0o077) !== 0) {
      return {
        what: `ssh inside refuses ${file}: its mode ${shown} lets others read it.`,
        nextStep: `chmod 600 ${file}`,
      };
    }
    const isWritable = !isKey && (mode & 0o022) !== 0;
    return isWritable
      ? { what: `ssh refuses ${file}: its mode ${shown} lets others write it.`, nextStep: `chmod 600 ${file}` }
      : null;
  }
  if (inside.uid === 0) return null;
  const readable = (mode & 0o004) !== 0 || (about.gid === inside.gid && (mode & 0o040) !== 0);
  if (!isKey && readable && about.uid === 0 && (mode & 0o022) === 0) return null;
  if (!isKey) return { what: `ssh refuses ${file}: its owner.`, nextStep: `chown ${inside.uid} ${file}` };
  if (readable) return null;
  return {
    what: `ssh inside can't read ${file}: it belongs to uid ${about.uid} with mode ${shown}, and the user inside has uid ${inside.uid}.`,
    nextStep: 'Use "ssh: agent", or a key of the folder\'s owner.',
  };
}

async function includesApple(sshFolder: string): Promise<boolean> {
  const folder = path.join(sshFolder, 'config.d');
  try {
    const texts = await Promise.all(
      (await readdir(folder)).map(async (name) => readSmallFile(path.join(folder, name))),
    );
    return texts.some((one) => one !== null && appleOption.test(one.text));
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return false;
    throw error;
  }
}

async function readSmallFile(
  file: string,
): Promise<{ readonly text: string; readonly uid: number; readonly gid: number; readonly mode: number } | null> {
  try {
    // Not opened before it is known to be a file: opening a FIFO waits.
    const { uid, gid, mode, size, ...stats } = await stat(file).then((one) =>
      Object.assign(one, { file: one.isFile() }),
    );
    if (!stats.file || size > maxBytes) return null;
    const handle = await open(file, 'r');
    try {
      return { text: await handle.readFile('utf8'), uid, gid, mode };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES', 'ELOOP', 'ENXIO')) return null;
    throw error;
  }
}
