import { createHash } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  type BucketLocationConstraint,
} from '@aws-sdk/client-s3';
import {
  createCredentialChain,
  fromEnv,
  fromIni,
  fromProcess,
  fromSSO,
  fromTokenFile,
} from '@aws-sdk/credential-providers';
import { failWith, TazpodError } from '../../failure.ts';
import { readSsoSettings } from '../sso/aws-config.ts';
import { assertEndpoint, refuseMetadata } from './address.ts';
import type { ObjectStore, StoredObject, WriteCondition } from './object-store.ts';

/** A bucket and how to reach it. */
export interface S3Place {
  readonly bucket: string;
  /** null: Amazon's own. */
  readonly endpoint: string | null;
  /** null: as the profile says; with an endpoint, `us-east-1`. */
  readonly region: string | null;
  /** null: the default one. */
  readonly profile: string | null;
  /** Bucket in the path, not in the host name. */
  readonly isPathStyle: boolean;
}

/** Keys that somebody gave us, in place of the chain. */
export interface StaticKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** More than any vault may hold: what a service says of itself is not trusted with our memory. */
const maxObjectBytes = 1024 ** 3;
const connectTimeoutMs = 5000;
const idleTimeoutMs = 60_000;

/** One request as the errors name it. */
interface Request {
  readonly action: string;
  readonly place: S3Place;
  readonly shown: string;
  readonly keys: StaticKeys | null;
}

/**
 * A bucket of an S3 service. The only file that knows the SDK's S3 and its credential chain.
 * @param keys without them the SDK's chain is asked: environment, profile, SSO, process, web identity; never the machine
 * @throws TazpodError `sync-endpoint-refused`
 */
export function openBucket(
  place: S3Place,
  keys: StaticKeys | null,
  lookup: LookupFunction = refuseMetadata(),
): ObjectStore {
  if (place.endpoint !== null) assertEndpoint(place.endpoint);
  const client = toClient(place, keys, lookup);
  const Bucket = place.bucket;
  const shown = `s3://${place.bucket} at ${place.endpoint ?? 'Amazon S3'}`;
  const toRequest = (action: string): Request => ({ action, place, shown, keys });
  return {
    head: async (Key, abortSignal) =>
      await answer(toRequest('look at an object'), abortSignal, isAbsent, async () =>
        toStored(await client.send(new HeadObjectCommand({ Bucket, Key }), { abortSignal })),
      ),
    get: async (Key, abortSignal) =>
      await answer(toRequest('read an object'), abortSignal, isAbsent, async () => {
        const output = await client.send(new GetObjectCommand({ Bucket, Key }), { abortSignal });
        const object = toStored(output);
        if (object.sizeBytes > maxObjectBytes) throw new Error(`it is too large: ${object.sizeBytes} bytes`);
        const bytes = (await output.Body?.transformToByteArray()) ?? new Uint8Array();
        return { object, bytes };
      }),
    put: async (Key, { bytes, metadata }, condition, abortSignal) =>
      await answer(
        toRequest('write an object'),
        abortSignal,
        condition.kind === 'none' ? never : isConditionFailed,
        async () => {
          const ContentMD5 = createHash('md5').update(bytes).digest('base64');
          const input = { Bucket, Key, Body: bytes, ContentMD5, Metadata: { ...metadata }, ...toHeaders(condition) };
          const { ETag } = await client.send(new PutObjectCommand(input), { abortSignal });
          return withoutQuotes(ETag);
        },
      ),
    list: async (Prefix, abortSignal) =>
      (await answer(
        toRequest('list objects'),
        abortSignal,
        never,
        async () => await listAll(client, { Bucket, Prefix }, abortSignal),
      )) ?? [],
    remove: async (Key, abortSignal) => {
      await answer(toRequest('remove an object'), abortSignal, isAbsent, async () => {
        await client.send(new DeleteObjectCommand({ Bucket, Key }), { abortSignal });
      });
    },
  };
}

/**
 * Makes the bucket; one that is ours already is fine.
 * @throws TazpodError `sync-bucket-taken`, and as `ObjectStore`
 */
export async function createBucket(place: S3Place, keys: StaticKeys | null, signal: AbortSignal): Promise<void> {
  if (place.endpoint !== null) assertEndpoint(place.endpoint);
  const client = toClient(place, keys, refuseMetadata());
  const shown = `s3://${place.bucket} at ${place.endpoint ?? 'Amazon S3'}`;
  await answer({ action: 'make a bucket', place, shown, keys }, signal, isOursAlready, async () => {
    const { bucket: Bucket } = place;
    const region = await client.config.region();
    // Amazon wants no constraint for its first region, and other services know none of its regions.
    const isPlain = region === 'us-east-1' || place.endpoint !== null;
    const constraint = { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } };
    await client.send(new CreateBucketCommand({ Bucket, ...(isPlain ? {} : constraint) }), { abortSignal: signal });
  }).finally(() => client.destroy());
}

const isOursAlready = (error: unknown): boolean => error instanceof Error && error.name === 'BucketAlreadyOwnedByYou';

function toClient(place: S3Place, keys: StaticKeys | null, lookup: LookupFunction): S3Client {
  const region = place.region ?? (place.endpoint === null ? null : 'us-east-1');
  const profile = place.profile === null ? {} : { profile: place.profile };
  return new S3Client({
    ...profile,
    ...(region === null ? {} : { region }),
    ...(place.endpoint === null ? {} : { endpoint: place.endpoint }),
    forcePathStyle: place.isPathStyle,
    credentials: keys ?? toChain(place.profile),
    // Many services know no checksum trailers; we send Content-MD5 and read back what must not be lost.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      httpAgent: new HttpAgent({ keepAlive: true, lookup }),
      httpsAgent: new HttpsAgent({ keepAlive: true, lookup }),
      connectionTimeout: connectTimeoutMs,
      socketTimeout: idleTimeoutMs,
    },
  });
}

/** A profile that the config names comes before keys that happen to be in the environment. */
function toChain(name: string | null): ReturnType<typeof createCredentialChain> {
  // Without the SDK's cache: what people mend in their config or log in to counts at once, not at our next start.
  const init = { ignoreCache: true, ...(name === null ? {} : { profile: name }) };
  const ofProfile = [fromSSO(init), fromIni(init), fromProcess(init)];
  return name === null
    ? createCredentialChain(fromEnv(), ...ofProfile, fromTokenFile())
    : createCredentialChain(...ofProfile);
}

async function listAll(
  client: S3Client,
  place: { readonly Bucket: string; readonly Prefix: string },
  abortSignal: AbortSignal,
): Promise<{ key: string; sizeBytes: number }[]> {
  const all: { key: string; sizeBytes: number }[] = [];
  let token: string | undefined;
  do {
    const page = token === undefined ? place : { ...place, ContinuationToken: token };
    const output = await client.send(new ListObjectsV2Command(page), { abortSignal });
    for (const { Key: key, Size: sizeBytes = 0 } of output.Contents ?? [])
      if (key !== undefined) all.push({ key, sizeBytes });
    token = output.IsTruncated === true ? output.NextContinuationToken : undefined;
  } while (token !== undefined);
  return all;
}

function toHeaders(condition: WriteCondition): { IfMatch?: string; IfNoneMatch?: string } {
  if (condition.kind === 'none') return {};
  if (condition.kind === 'absent') return { IfNoneMatch: '*' };
  return { IfMatch: condition.isQuoted ? `"${condition.etag}"` : condition.etag };
}

function toStored(output: {
  readonly ETag?: string | undefined;
  readonly ContentLength?: number | undefined;
  readonly LastModified?: Date | undefined;
  readonly Metadata?: Record<string, string> | undefined;
}): StoredObject {
  return {
    etag: withoutQuotes(output.ETag),
    sizeBytes: output.ContentLength ?? 0,
    timeMs: output.LastModified?.getTime() ?? 0,
    metadata: output.Metadata ?? {},
  };
}

function withoutQuotes(etag: string | undefined): string {
  if (etag === undefined) throw new Error('the service told no ETag');
  return etag.replaceAll('"', '');
}

const never = (): boolean => false;
const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
const isNoBucket = (error: unknown): boolean => error instanceof Error && error.name === 'NoSuchBucket';
const isAbsent = (error: unknown): boolean => statusOf(error) === 404 && !isNoBucket(error);
/** 409: another write of the same key was under way. 404: there is nothing to match. */
const isConditionFailed = (error: unknown): boolean => [409, 412].includes(statusOf(error) ?? 0) || isAbsent(error);

async function answer<Result>(
  request: Request,
  signal: AbortSignal,
  isNothing: (error: unknown) => boolean,
  send: () => Promise<Result>,
): Promise<Result | null> {
  try {
    return await send();
  } catch (error) {
    if (isNothing(error)) return null;
    throw await toFault(error, request, signal);
  }
}

/** No key is shorter; a shorter text would blank out words. */
const shortestKey = 8;

/** A service may say our own keys back to us. */
function withoutKeys(text: string, keys: StaticKeys | null): string {
  const secrets = keys === null ? [] : [keys.secretAccessKey, keys.sessionToken ?? '', keys.accessKeyId];
  return secrets.filter((one) => one.length >= shortestKey).reduce((rest, one) => rest.replaceAll(one, '***'), text);
}

/** What the SDK would have people do; ours is beside it. */
const withoutAdvice = (reason: string): string => reason.replace(/\s*To refresh this SSO session run .*$/u, '');

/** Keys of the environment come before the default profile: while they are there, a login would change nothing. */
const isOfEnvironment = ({ profile }: S3Place): boolean =>
  profile === null && (process.env['AWS_ACCESS_KEY_ID'] ?? '') !== '';

/** Whether a login would give what is missing is known from the profile alone. */
async function toCredentialFault({ place, shown, keys }: Request, reason: string): Promise<TazpodError> {
  const params = { remote: shown, profile: place.profile ?? '', reason: withoutAdvice(reason) };
  const canLogIn = keys === null && !isOfEnvironment(place) && (await readSsoSettings(place.profile)) !== null;
  return failWith(canLogIn ? 'sync-login-needed' : 'sync-credentials', params);
}

async function toFault(error: unknown, request: Request, signal: AbortSignal): Promise<TazpodError> {
  const { action, place, shown, keys } = request;
  if (error instanceof TazpodError) return error;
  if (signal.aborted) return failWith('cancelled', { action });
  const reason = withoutKeys(error instanceof Error ? error.message : String(error), keys);
  const name = error instanceof Error ? error.name : '';
  const status = statusOf(error);
  if (isNoBucket(error))
    return failWith('sync-bucket-missing', { bucket: place.bucket, endpoint: place.endpoint ?? 'Amazon S3' });
  if (name === 'BucketAlreadyExists')
    return failWith('sync-bucket-taken', { bucket: place.bucket, endpoint: place.endpoint ?? 'Amazon S3' });
  if (/credential|token/i.test(name)) return await toCredentialFault(request, reason);
  // A wrong region is 301 or 400. Only what may end by itself is told as a failure of the service.
  if (status !== undefined && status < 500 && status !== 408 && status !== 429)
    return failWith('sync-refused', { remote: shown, action, reason: `${name}: ${reason}` });
  if (status === undefined) return failWith('sync-unreachable', { remote: shown, reason });
  return failWith('sync-remote-failed', { remote: shown, action, status, reason: `${name}: ${reason}` });
}
