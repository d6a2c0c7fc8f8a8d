import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Remote } from '../../../main/engine/sync/remote.ts';
import { openFolderRemote } from '../../../main/engine/sync/remotes/folder.ts';
import { createBucket, openBucket } from '../../../main/engine/sync/remotes/s3-client.ts';
import { openS3Remote } from '../../../main/engine/sync/remotes/s3.ts';
import { startRadosgw } from '../../../main/engine/testing/radosgw.ts';

const prefix = 'tazpod/projects/faults';
const never = new AbortController().signal;

/** Where the agent pushes to, and the way to look there past it. */
export interface FaultPlace {
  readonly name: string;
  /** `remote:` of the config. */
  readonly config: string;
  /** What the agent's environment must have. */
  readonly environment: Readonly<Record<string, string>>;
  readonly remote: Remote;
  close(): Promise<void>;
}

/** A folder below one of the caller's. */
export async function openFolderPlace(root: string): Promise<FaultPlace> {
  const place = path.join(root, 'place');
  await mkdir(place);
  return {
    name: 'a folder',
    config: `{ type: folder, path: ${JSON.stringify(place)} }`,
    environment: {},
    remote: openFolderRemote({ path: place, prefix, nowMs: Date.now }),
    close: () => Promise.resolve(),
  };
}

/** A real S3 service. */
export async function openRadosgwPlace(): Promise<FaultPlace> {
  const service = await startRadosgw();
  const { endpoint, keys } = service;
  const bucket = { bucket: 'vaults', endpoint, region: null, profile: null, isPathStyle: true };
  await createBucket(bucket, keys, never);
  return {
    name: 'radosgw',
    config: `{ type: s3, bucket: vaults, endpoint: "${endpoint}", path_style: true }`,
    environment: { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey },
    remote: openS3Remote(openBucket(bucket, keys), { shown: 's3://vaults', prefix, nowMs: Date.now }),
    close: async () => await service.close(),
  };
}

/** The config's `sync:`; by itself it runs as seldom as it may, so that each save is one that was asked for. */
export const toSyncConfig = ({ config }: FaultPlace): string =>
  `sync: { interval: 24h, prefix: ${prefix}, remote: ${config} }\n`;
