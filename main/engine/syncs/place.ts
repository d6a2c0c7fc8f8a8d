import { lstat, mkdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { failWith, hasCode, reasonOf, TazpodError } from '../failure.ts';
import type { ProjectConfig } from '../project/config.ts';
import { openFolderRemote } from '../sync/remotes/folder.ts';
import type { S3Place, StaticKeys } from '../sync/remotes/s3-client.ts';
import { openS3Remote } from '../sync/remotes/s3.ts';
import type { Remote } from '../sync/remote.ts';

/** Where a config says that the vault is pushed. */
export type RemotePlace = {
  /** Without slashes at its ends. */
  readonly prefix: string;
  /** For people, and to know the place again: never credentials. */
  readonly shown: string;
} & (
  | { readonly type: 's3'; readonly bucket: S3Place }
  /** Absolute; not yet known to be there. */
  | { readonly type: 'folder'; readonly path: string }
);

/** The remote of a config: its own, else the one that `aws_sso` of the Go tool names; null where there is none. */
export function toRemotePlace(
  { sync, awsSso }: Pick<ProjectConfig, 'sync' | 'awsSso'>,
  containerName: string,
  homeFolder: string,
): RemotePlace | null {
  const prefix = sync.prefix ?? `tazpod/projects/${containerName}`;
  const { remote } = sync;
  if (remote?.type === 'folder') {
    const folder = remote.path.startsWith('~/') ? path.join(homeFolder, remote.path.slice(2)) : remote.path;
    return { type: 'folder', path: folder, prefix, shown: path.join(folder, prefix) };
  }
  if (remote !== null) {
    const { bucket, endpoint, region, profile, pathStyle } = remote;
    return toS3Place({ bucket, endpoint, region, profile, isPathStyle: pathStyle }, prefix);
  }
  if (awsSso?.bucket === undefined || awsSso.bucket === null) return null;
  const { bucket, region, profile } = awsSso;
  return toS3Place({ bucket, region, profile, endpoint: null, isPathStyle: false }, prefix);
}

function toS3Place(bucket: S3Place, prefix: string): RemotePlace {
  const shown = `s3://${bucket.bucket}/${prefix} at ${bucket.endpoint ?? 'Amazon S3'}`;
  return { type: 's3', bucket, prefix, shown };
}

/** What opening a place goes by. */
export interface PlacePorts {
  readonly nowMs: () => number;
  /** Canonical paths of all registered projects: containers can change what is in them. */
  readonly projectFolders: readonly string[];
  /** From the unlocked vault; null: the host's own chain is asked. */
  readonly keys: StaticKeys | null;
}

/**
 * Opens a place. The AWS SDK is loaded only where a bucket is asked for: it is large.
 * @throws TazpodError `sync-folder-missing`, `sync-folder-inside`, `sync-unreachable`, `sync-endpoint-refused`
 */
export async function openRemote(place: RemotePlace, { nowMs, projectFolders, keys }: PlacePorts): Promise<Remote> {
  const { prefix, shown } = place;
  if (place.type === 'folder') {
    return { ...openFolderRemote({ path: await findFolder(place.path, projectFolders), prefix, nowMs }), shown };
  }
  const { openBucket } = await import('../sync/remotes/s3-client.ts');
  return openS3Remote(openBucket(place.bucket, keys), { shown, prefix, nowMs });
}

/** The canonical path of a folder, none of whose links lies in a project: a container could lead it anywhere. */
async function findFolder(folder: string, projectFolders: readonly string[]): Promise<string> {
  try {
    return await resolveOutside(folder, projectFolders);
  } catch (error) {
    if (error instanceof TazpodError) throw error;
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) throw failWith('sync-folder-missing', { folder }, error);
    throw failWith('sync-unreachable', { remote: folder, reason: reasonOf(error) }, error);
  }
}

/** As many as Linux follows. */
const maxLinks = 40;

async function resolveOutside(folder: string, projectFolders: readonly string[]): Promise<string> {
  const { root } = path.parse(path.resolve(folder));
  let current = root;
  let parts = partsOf(folder, root);
  for (let links = 0; parts.length > 0;) {
    const [part = '', ...rest] = parts;
    const next = path.join(current, part);
    assertOutside(next, projectFolders);
    if (!(await lstat(next)).isSymbolicLink()) {
      [current, parts] = [next, rest];
      continue;
    }
    if ((links += 1) > maxLinks) throw new Error('too many symbolic links');
    const target = path.resolve(current, await readlink(next));
    [current, parts] = [root, [...partsOf(target, root), ...rest]];
  }
  return current;
}

const partsOf = (folder: string, root: string): readonly string[] =>
  path
    .relative(root, path.resolve(folder))
    .split(path.sep)
    .filter((part) => part !== '');

/**
 * Makes a place that is missing: a bucket, or the last folder of a path. One that is there already is fine.
 * @returns what was made, for people
 * @throws TazpodError as `openRemote`, `sync-bucket-taken`, `folder-not-writable`
 */
export async function setUpPlace(
  place: RemotePlace,
  { projectFolders, keys }: Pick<PlacePorts, 'projectFolders' | 'keys'>,
  signal: AbortSignal,
): Promise<string> {
  if (place.type === 's3') {
    const { createBucket } = await import('../sync/remotes/s3-client.ts');
    await createBucket(place.bucket, keys, signal);
    return `the bucket ${place.bucket.bucket}`;
  }
  // Only the last one: a longer path that is missing is rather a disk that is not there.
  const parent = await findFolder(path.dirname(place.path), projectFolders);
  const folder = path.join(parent, path.basename(place.path));
  assertOutside(folder, projectFolders);
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) throw failWith('folder-not-writable', { folder: parent }, error);
    if (!hasCode(error, 'EEXIST'))
      throw failWith('sync-unreachable', { remote: folder, reason: reasonOf(error) }, error);
  }
  return `the folder ${folder}`;
}

function assertOutside(folder: string, projectFolders: readonly string[]): void {
  const project = projectFolders.find((one) => {
    const below = path.relative(one, folder);
    return below === '' || (!below.startsWith('..') && !path.isAbsolute(below));
  });
  if (project !== undefined) throw failWith('sync-folder-inside', { folder, project });
}
