import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { failWith, hasCode, reasonOf } from '../failure.ts';
import type { ProjectConfig } from '../project/config.ts';
import { openFolderRemote } from '../sync/remotes/folder.ts';
import type { S3Place } from '../sync/remotes/s3-client.ts';
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

/**
 * Opens a place. The AWS SDK is loaded only where a bucket is asked for: it is large.
 * @throws TazpodError `sync-folder-missing`, `sync-unreachable`, `sync-endpoint-refused`
 */
export async function openRemote(place: RemotePlace, nowMs: () => number): Promise<Remote> {
  const { prefix, shown } = place;
  if (place.type === 'folder') {
    return { ...openFolderRemote({ path: await findFolder(place.path), prefix, nowMs }), shown };
  }
  const { openBucket } = await import('../sync/remotes/s3-client.ts');
  return openS3Remote(openBucket(place.bucket, null), { shown, prefix, nowMs });
}

async function findFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) throw failWith('sync-folder-missing', { folder }, error);
    throw failWith('sync-unreachable', { remote: folder, reason: reasonOf(error) }, error);
  }
}
