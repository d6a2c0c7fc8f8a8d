import { execFile } from 'node:child_process';
import path from 'node:path';
import { workspacePath } from '../docker/observe.ts';

/** What the host's global git config says of the person. */
export interface GitIdentity {
  readonly name: string | null;
  readonly email: string | null;
  /** Values of safe.directory as they hold inside. */
  readonly safeFolders: readonly string[];
}

/** git reads a small file; one that takes longer hangs on something of its own. */
const gitTimeoutMs = 5_000;
const maxSafeFolders = 32;

/**
 * Asks the host's git for the person's global config and what that includes. No repository's config is read: git is
 * told of a repository that does not exist, and looks nowhere else.
 */
export async function readGitIdentity(
  homeFolder: string,
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): Promise<GitIdentity> {
  const pattern = String.raw`^(user\.(name|email)|safe\.directory)$`;
  const text = await new Promise<string>((resolve) => {
    execFile(
      'git',
      ['config', '--global', '--includes', '--null', '--get-regexp', pattern],
      {
        cwd: '/',
        timeout: gitTimeoutMs,
        env: {
          PATH: environment['PATH'] ?? '',
          HOME: homeFolder,
          ...(environment['XDG_CONFIG_HOME'] === undefined ? {} : { XDG_CONFIG_HOME: environment['XDG_CONFIG_HOME'] }),
          GIT_DIR: '/nonexistent/tazpod',
          GIT_CONFIG_NOSYSTEM: '1',
        },
      },
      // No git, or nothing of it is set: then there is nothing to pass on.
      (error, stdout) => resolve(error === null ? stdout : ''),
    );
  });
  return parseGitIdentity(text, folder);
}

/** Parses `key\nvalue\0…`; the last value of a key wins, as with git. Pure. */
export function parseGitIdentity(text: string, folder: string): GitIdentity {
  let name: string | null = null;
  let email: string | null = null;
  const safe = new Set([workspacePath]);
  for (const entry of text.split('\0')) {
    const at = entry.indexOf('\n');
    if (at < 0) continue;
    const [key, value] = [entry.slice(0, at), entry.slice(at + 1)];
    if (/[\0\r\n]/u.test(value) || value === '') continue;
    if (key === 'user.name') name = value;
    if (key === 'user.email') email = value;
    if (key === 'safe.directory' && safe.size < maxSafeFolders) safe.add(toInnerFolder(value, folder));
  }
  return { name, email, safeFolders: [...safe] };
}

/** A folder of the project as the container has it; others as they are. */
function toInnerFolder(value: string, folder: string): string {
  if (value !== folder && !value.startsWith(`${folder}/`)) return value;
  return path.posix.join(workspacePath, value.slice(folder.length));
}

const quoted = (value: string): string => `"${value.replaceAll(/["\\]/gu, String.raw`\$&`)}"`;

/** The identity as the text of a config file, for an image that has no git yet. Empty where there is none. */
export function toGitConfigText({ name, email }: GitIdentity): string {
  const lines = [
    ...(name === null ? [] : [`\tname = ${quoted(name)}`]),
    ...(email === null ? [] : [`\temail = ${quoted(email)}`]),
  ];
  return lines.length === 0 ? '' : `[user]\n${lines.join('\n')}\n`;
}
