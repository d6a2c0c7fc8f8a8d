import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, open, rmdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { formatConfigProblem } from '../../../preload/contract/errors.ts';
import { failureOf, failWith, hasCode, reasonOf, TazpodError } from '../failure.ts';
import { configParts } from './read-config.ts';
import { parseConfig } from './parse-config.ts';
import { openProjectFolder, type ProjectFolder } from './safe-path.ts';

/** What a new config says. */
export interface InitialConfig {
  readonly image: string;
  readonly containerName: string;
  readonly user: string;
}

const [tazpodFolder, configName] = configParts;

/**
 * The text of a new config file. Every value is quoted, so that none is read as something else.
 * @throws TazpodError `invalid-command` where a value is not valid
 */
export function toInitialConfigText({ image, containerName, user }: InitialConfig): string {
  const text = `# What this folder's container is made from. Every key: docs/config.md of TazPod Desktop.
image: ${JSON.stringify(image)}
container_name: ${JSON.stringify(containerName)}
user: ${JSON.stringify(user)}
`;
  const result = parseConfig(text, configName);
  const isComplete = result.ok && result.config.containerName === containerName && result.config.user === user;
  if (isComplete) return text;
  const issues = result.ok
    ? 'the container name or the user is empty'
    : result.problems.map((problem) => formatConfigProblem('init', { ...problem, line: 0 })).join('; ');
  throw failWith('invalid-command', { issues });
}

/**
 * Writes `.tazpod/config.yaml` and, where there is none, `.tazpod/.gitignore`. Overwrites nothing, and takes back what
 * it made where it can't finish.
 * @param folder the project's canonical path
 * @returns the config file's path
 * @throws TazpodError `invalid-command` (before anything is written), `config-exists`, `config-symlink`,
 *   `folder-not-writable`, `disk-full`, `state-write-failed`
 */
export async function writeInitialConfig(folder: string, initial: InitialConfig): Promise<string> {
  const text = toInitialConfigText(initial);
  const file = path.join(folder, ...configParts);
  const undo: (() => Promise<void>)[] = [];
  try {
    const inner = await openTazpodFolder(folder, undo);
    try {
      await assertNoConfig(inner, file);
      if (await writeNew(inner, '.gitignore', 'vault/\n')) undo.push(() => unlink(inner.pathOf('.gitignore')));
      if (!(await writeNew(inner, configName, text))) throw failWith('config-exists', { file });
      await inner.sync();
    } catch (error) {
      // Where someone else's config came first, what is there belongs to it by now.
      if (failureOf(error).code !== 'config-exists') await runAll(undo);
      throw error;
    } finally {
      await inner.close();
    }
  } catch (error) {
    throw toWriteFailure(error, folder, file);
  }
  return file;
}

async function openTazpodFolder(folder: string, undo: (() => Promise<void>)[]): Promise<ProjectFolder> {
  const location = path.join(folder, tazpodFolder);
  const isNew = await lstat(location).then(
    () => false,
    (error: unknown) => hasCode(error, 'ENOENT'),
  );
  const inner = await openProjectFolder(folder, [tazpodFolder], { create: true });
  if (isNew) undo.push(() => rmdir(location));
  return inner;
}

async function assertNoConfig(inner: ProjectFolder, file: string): Promise<void> {
  const found = await lstat(inner.pathOf(configName)).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  });
  if (found?.isSymbolicLink() === true) throw failWith('config-symlink', { path: file });
  if (found !== null) throw failWith('config-exists', { file });
}

/**
 * Writes a whole new file or none: a temporary one is linked into place, which fails where the name is taken.
 * @returns false where the name is taken
 */
async function writeNew(inner: ProjectFolder, name: string, text: string): Promise<boolean> {
  const temporary = inner.pathOf(`.${name}.${randomBytes(6).toString('hex')}.tmp`);
  await writeExclusive(temporary, text);
  try {
    await link(temporary, inner.pathOf(name));
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) throw error;
  } finally {
    await unlink(temporary);
  }
  // A file system without hard links, such as exFAT.
  return writeExclusive(inner.pathOf(name), text).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    },
  );
}

async function writeExclusive(location: string, text: string): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  const handle = await open(location, flags, 0o666);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } catch (error) {
    await unlink(location).catch(() => {});
    throw error;
  } finally {
    await handle.close();
  }
}

/** Undoes in reverse order; what can't be undone must not hide the first failure. */
async function runAll(undo: readonly (() => Promise<void>)[]): Promise<void> {
  for (const step of undo.toReversed()) await step().catch(() => {});
}

function toWriteFailure(error: unknown, folder: string, file: string): unknown {
  if (error instanceof TazpodError) return error;
  if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) return failWith('folder-not-writable', { folder }, error);
  if (hasCode(error, 'ENOSPC', 'EDQUOT'))
    return failWith('disk-full', { action: `write ${file}`, reason: reasonOf(error) }, error);
  return failWith('state-write-failed', { file, reason: reasonOf(error) }, error);
}
