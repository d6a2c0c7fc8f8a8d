import type { Readable } from 'node:stream';
import type { Progress } from '../../../preload/contract/snapshot.ts';
import { failWith, type TazpodError } from '../failure.ts';
import { parseImageReference } from '../project/image-reference.ts';
import type { CoreState } from '../state/core-state.ts';
import { engineError, engineReason, statusOf, type DockerClient } from './client.ts';
import { readProgress } from './json-lines.ts';
import { findLogin, type LoginFacts, type LoginLookup } from './registry-login.ts';
import { imageIdOf, toFullReference } from './image-names.ts';
import { createPullProgress } from './pull-progress.ts';

export interface ImageWork {
  readonly signal: AbortSignal;
  progress(progress: Progress): void;
}

/** Tags of the images on this machine, for messages and pickers. */
export function localTags(state: Pick<CoreState, 'images'>): readonly string[] {
  return state.images.flatMap((image) => image.tags).toSorted();
}

/** Whether the engine has the image, going by the list that its events keep fresh; digests are not listed by tag. */
export function isLocalImage(state: Pick<CoreState, 'images'>, reference: string): boolean {
  return imageIdOf(state, reference) !== null;
}

/** Asks the engine itself: the list follows an image that was just made by a moment, and has no digests. */
export async function hasImage(client: DockerClient, reference: string): Promise<boolean> {
  try {
    await client.getImage(reference).inspect();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw engineError(error, 'look for the image');
  }
}

/** The digest under which a registry gave an image, for example `sha256:…`; null where none did. */
export async function registryDigestOf(client: DockerClient, id: string): Promise<string | null> {
  try {
    const { RepoDigests: digests } = (await client.getImage(id).inspect()) as {
      RepoDigests?: readonly string[] | null;
    };
    return digests?.[0]?.replace(/^.*@/u, '') ?? null;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw engineError(error, 'look at the image');
  }
}

/** Pulls an image with progress. A cancelled pull leaves no tag: the engine sets it last. */
export async function pullImage(
  client: DockerClient,
  reference: string,
  state: Pick<CoreState, 'images'>,
  work: ImageWork,
  facts: LoginFacts,
): Promise<void> {
  let lookup: LoginLookup = { status: 'none' };
  const missing = (reason: string, cause?: unknown): TazpodError =>
    isLoginRefusal(reason)
      ? failWith(
          'registry-refused',
          { image: reference, registry: registryOf(reference), reason, ...toLoginWords(lookup) },
          cause,
        )
      : failWith('image-missing', { image: reference, reason, localImages: localTags(state) }, cause);
  let reason: string | null;
  try {
    lookup = await findLogin(reference, facts, work.signal);
    const login = lookup.status === 'found' ? { authconfig: lookup.login } : {};
    const options = { ...login, abortSignal: work.signal };
    const stream = (await client.pull(toFullReference(reference), options)) as Readable;
    reason = await followProgress(stream, work);
  } catch (error) {
    throw toImageError(error, work.signal, `Pulling ${reference}`, (text) => missing(text, error));
  }
  if (reason !== null) throw missing(reason);
}

const registryOf = (reference: string): string => parseImageReference(reference)?.domain ?? 'the registry';

/** What registries and the engine say where a login is missing, wrong or not enough. */
export const isLoginRefusal = (reason: string): boolean =>
  /unauthorized|no basic auth credentials|authentication required|access to the resource is denied|denied: /iu.test(
    reason,
  );

/** The failure's words on the login that was used, or could not be. */
export function toLoginWords(lookup: LoginLookup): { readonly hasLogin: boolean; readonly loginReason: string } {
  return { hasLogin: lookup.status === 'found', loginReason: lookup.status === 'failed' ? lookup.reason : '' };
}

async function followProgress(stream: Readable, work: ImageWork): Promise<string | null> {
  const toProgress = createPullProgress();
  return readProgress(stream, (line) => {
    const progress = toProgress(line);
    if (progress !== null) work.progress(progress);
  });
}

/** A cancelled call fails in many ways; what the person asked for is the truth. */
export function toImageError(
  error: unknown,
  signal: AbortSignal,
  action: string,
  refused: (reason: string) => TazpodError,
): TazpodError {
  if (signal.aborted) return failWith('cancelled', { action }, error);
  const ours = engineError(error, action);
  return ours.failure.code === 'engine-failed' ? refused(engineReason(error)) : ours;
}
