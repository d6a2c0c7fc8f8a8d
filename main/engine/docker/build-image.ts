import type { RegistryConfig } from 'dockerode';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { failWith, reasonOf, type TazpodError } from '../failure.ts';
import { parseImageReference } from '../project/image-reference.ts';
import { readProjectFile } from '../project/safe-path.ts';
import type { DockerClient } from './client.ts';
import { toDockerfileImages } from './dockerfile-images.ts';
import { isLoginRefusal, toImageError, toLoginWords, type ImageWork } from './image.ts';
import { readProgress } from './json-lines.ts';
import { findLogin, type LoginFacts, type LoginLookup, type RegistryLogin } from './registry-login.ts';

export interface BuildRequest {
  /** Project folder; the paths of `build` are relative to it and stay inside it. */
  readonly folder: string;
  readonly build: { readonly dockerfile: string; readonly context: string };
  readonly tag: string;
  /** Look for a newer base image. */
  readonly pull: boolean;
}

/** A Dockerfile is read for the registries that it names, up to this size in bytes. */
const maxDockerfileBytes = 1024 * 1024;

/**
 * Builds an image through the engine. A cancelled or failed build leaves no tag: the engine sets it last.
 * @param facts where docker keeps its logins; those for registries of the Dockerfile go along, and no others
 */
export async function buildImage(
  client: DockerClient,
  request: BuildRequest,
  work: ImageWork,
  facts?: LoginFacts,
): Promise<void> {
  const { tag } = request;
  const context = path.join(request.folder, request.build.context);
  let bases: readonly BaseLogin[] = [];
  const refused = (text: string, cause?: unknown): TazpodError =>
    toRegistryRefusal(text, bases, cause) ?? failWith('image-build-failed', { image: tag, reason: text }, cause);
  let reason: string | null;
  try {
    bases = facts === undefined ? [] : await findBaseLogins(request, facts, work.signal);
    const source = await readdir(context);
    const stream = (await client.buildImage(
      { context, src: source },
      {
        t: tag,
        dockerfile: path.relative(context, path.join(request.folder, request.build.dockerfile)),
        abortSignal: work.signal,
        forcerm: true,
        pull: request.pull,
        registryconfig: toRegistryConfig(bases),
      },
    )) as Readable;
    reason = await followBuild(stream, work);
  } catch (error) {
    throw toImageError(error, work.signal, `Building ${tag}`, (text) => refused(text || reasonOf(error), error));
  }
  if (reason !== null) throw refused(reason);
}

interface BaseLogin {
  readonly image: string;
  readonly lookup: LoginLookup;
}

/** The logins for the registries that a Dockerfile takes images from, each registry asked for once. */
async function findBaseLogins(
  { folder, build }: BuildRequest,
  facts: LoginFacts,
  signal: AbortSignal,
): Promise<readonly BaseLogin[]> {
  const parts = build.dockerfile.split('/').filter((part) => part !== '' && part !== '.');
  // One that can't be read, or is a link: the engine says what is wrong with it.
  const bytes = await readProjectFile(folder, parts, maxDockerfileBytes).catch(() => new Uint8Array());
  const byRegistry = new Map<string, Promise<LoginLookup>>();
  const images = toDockerfileImages(Buffer.from(bytes).toString('utf8'));
  return Promise.all(
    images.map(async (image) => {
      const registry = parseImageReference(image)?.domain ?? '';
      const lookup = byRegistry.get(registry) ?? findLogin(image, facts, signal);
      byRegistry.set(registry, lookup);
      return { image, lookup: await lookup };
    }),
  );
}

/** By registry, as the API takes it. */
function toRegistryConfig(bases: readonly BaseLogin[]): RegistryConfig {
  const logins = bases.flatMap(({ lookup }) => (lookup.status === 'found' ? [lookup.login] : []));
  const config: Record<string, RegistryLogin> = {};
  for (const login of logins) config[login.serveraddress] = login;
  // The API takes identity tokens too; dockerode's type knows passwords alone.
  return config as RegistryConfig;
}

/** A base image that a registry would not give; null where the build failed otherwise. */
function toRegistryRefusal(reason: string, bases: readonly BaseLogin[], cause: unknown): TazpodError | null {
  // What a RUN line says is its own.
  if (!isLoginRefusal(reason) || reason.startsWith('The command ')) return null;
  const registryOf = ({ image }: BaseLogin): string => parseImageReference(image)?.domain ?? '';
  const base = bases.find((one) => reason.includes(registryOf(one))) ?? bases[0];
  if (base === undefined) return null;
  const { image, lookup } = base;
  const registry = registryOf(base);
  return failWith('registry-refused', { image, registry, reason, ...toLoginWords(lookup) }, cause);
}

/** Shows the build's own words: `Step 3/9 : RUN make`. */
async function followBuild(stream: Readable, work: ImageWork): Promise<string | null> {
  return readProgress(stream, (line) => {
    const text = line.stream?.trim() ?? '';
    const step = /^Step (?<done>\d+)\/(?<all>\d+) : /u.exec(text);
    if (step !== null) work.progress({ doneBytes: 0, totalBytes: null, detail: text.slice(0, 120) });
  });
}
