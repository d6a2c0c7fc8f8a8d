import type { SyncConfig } from './config.ts';
import {
  fieldsOf,
  oneOf,
  refuseNode,
  requireKey,
  textOf,
  trueOrFalse,
  unlessEmpty,
  type Check,
} from './config-checks.ts';
import { describeNode } from './config-tree.ts';
import { isClearEndpoint, isEndpoint } from './endpoint.ts';

/** The checks of the keys that say where the vault is pushed, and how many copies stay. */

export const defaultVaultRetention = 50;
const maxVaultRetention = 10_000;

/** A number that makes no sense keeps the default number of copies: a slip must never prune a history. */
const checkRetention: Check<number> = (node, key, findings) => {
  if (node.kind !== 'number') return refuseNode(node, key, findings, `a whole number from 1 to ${maxVaultRetention}`);
  if (Number.isInteger(node.value) && node.value >= 1 && node.value <= maxVaultRetention) return node.value;
  findings.warn(
    node,
    `${key} ${describeNode(node)} is not from 1 to ${maxVaultRetention}; ${defaultVaultRetention} is used`,
  );
  return defaultVaultRetention;
};

export const checkVault = fieldsOf({ retention: checkRetention });

const secondsPerUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** `30s`, `5m` or `1h`, in seconds. */
const checkInterval: Check<number> = (node, key, findings) => {
  const match = node.kind === 'text' ? /^([0-9]{1,6})([smh])$/.exec(node.text) : null;
  const seconds = Number(match?.[1] ?? 0) * (secondsPerUnit[match?.[2] ?? ''] ?? 0);
  if (seconds >= 30 && seconds <= 86_400) return seconds;
  return refuseNode(node, key, findings, 'a time from 30s to 24h, for example 30s, 5m or 1h');
};

/** A key prefix that means the same to every S3 service, in a URL and as a folder's path. */
function isPrefix(text: string): boolean {
  return (
    text.length <= 512 &&
    text.split('/').every((part) => /^[A-Za-z0-9_.-]+$/.test(part) && part !== '.' && part !== '..')
  );
}

/** Bucket naming rules of Amazon S3, which other services share or widen. */
function isBucket(text: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text) &&
    !/\.\.|\.-|-\.|^xn--|^sthree-|-s3alias$|--ol-s3$|^\d+\.\d+\.\d+\.\d+$/.test(text)
  );
}

const bucketAllowed = 'a bucket name: 3 to 63 lower-case letters, digits, . and -';
const bucket = unlessEmpty(textOf(isBucket, bucketAllowed));
const region = unlessEmpty(
  textOf((text) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(text), 'a region, for example eu-central-1'),
);
const awsProfile = unlessEmpty(
  textOf((text) => /^[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,127}$/.test(text), 'the name of an AWS profile'),
);

const endpoint: Check<string> = (node, key, findings) => {
  if (node.kind !== 'text' || !isEndpoint(node.text)) {
    const allowed = 'an http or https URL without credentials or query; no link-local or metadata address';
    return refuseNode(node, key, findings, allowed);
  }
  if (isClearEndpoint(node.text)) findings.warn(node, `${key} is not https: others on the way can see the requests`);
  return node.text;
};

const folderAllowed = 'a path on this machine, absolute or beginning with ~/, without ".."';

function isHostFolder(text: string): boolean {
  return (
    text.length <= 1024 &&
    /^~?\/[^/]|^[A-Za-z]:[\\/]./.test(text) &&
    !/\p{Cc}/u.test(text) &&
    !text.split(/[\\/]/).includes('..')
  );
}

export const checkAwsSso = fieldsOf({ profile: awsProfile, bucket, region });

const typeOnly = oneOf('s3', 'folder');
const checkS3Remote = fieldsOf({
  type: typeOnly,
  bucket,
  region,
  endpoint,
  profile: awsProfile,
  path_style: trueOrFalse,
});
const checkFolderRemote = fieldsOf({ type: typeOnly, path: textOf(isHostFolder, folderAllowed) });

const checkRemote: Check<NonNullable<SyncConfig['remote']>> = (node, key, findings) => {
  if (node.kind !== 'map') return refuseNode(node, key, findings, 'a map with type (s3 or folder)');
  const type = node.entries.find((entry) => entry.key === 'type')?.value;
  if (type?.kind === 'text' && type.text === 'folder') {
    requireKey(node, key, 'path', findings, folderAllowed);
    const path = checkFolderRemote(node, key, findings)?.path;
    return path === undefined ? undefined : { type: 'folder', path };
  }
  requireKey(node, key, 'type', findings, 's3, folder');
  const values = checkS3Remote(node, key, findings);
  if (type?.kind !== 'text' || type.text !== 's3') return undefined;
  if (values?.bucket === undefined) {
    const written = node.entries.find((entry) => entry.key === 'bucket')?.value;
    const isAbsent =
      written === undefined || written.kind === 'nothing' || (written.kind === 'text' && written.text === '');
    if (isAbsent) findings.refuse(written ?? node, `${key}.bucket`, 'nothing', bucketAllowed);
    return undefined;
  }
  return {
    type: 's3',
    bucket: values.bucket,
    region: values.region ?? null,
    endpoint: values.endpoint ?? null,
    profile: values.profile ?? null,
    pathStyle: values.path_style ?? false,
  };
};

export const checkSync = fieldsOf({
  interval: checkInterval,
  prefix: textOf(isPrefix, 'letters, digits, _ . and - between slashes, no slash at either end'),
  remote: checkRemote,
});
