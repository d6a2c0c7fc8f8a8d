import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { failWith, reasonOf } from '../failure.ts';
import type { DockerClient } from './client.ts';
import { toImageError, type ImageWork } from './image.ts';
import { readProgress } from './json-lines.ts';

export interface BuildRequest {
  /** Project folder; the paths of `build` are relative to it and stay inside it. */
  readonly folder: string;
  readonly build: { readonly dockerfile: string; readonly context: string };
  readonly tag: string;
  /** Look for a newer base image. */
  readonly pull: boolean;
}

/** Builds an image through the engine. A cancelled or failed build leaves no tag: the engine sets it last. */
export async function buildImage(client: DockerClient, request: BuildRequest, work: ImageWork): Promise<void> {
  const { tag } = request;
  const context = path.join(request.folder, request.build.context);
  let reason: string | null;
  try {
    const source = await readdir(context);
    const stream = (await client.buildImage(
      { context, src: source },
      {
        t: tag,
        dockerfile: path.relative(context, path.join(request.folder, request.build.dockerfile)),
        abortSignal: work.signal,
        forcerm: true,
        pull: request.pull,
      },
    )) as Readable;
    reason = await followBuild(stream, work);
  } catch (error) {
    throw toImageError(error, work.signal, `Building ${tag}`, (text) =>
      failWith('image-build-failed', { image: tag, reason: text || reasonOf(error) }, error),
    );
  }
  if (reason !== null) throw failWith('image-build-failed', { image: tag, reason });
}

/** Shows the build's own words: `Step 3/9 : RUN make`. */
async function followBuild(stream: Readable, work: ImageWork): Promise<string | null> {
  return readProgress(stream, (line) => {
    const text = line.stream?.trim() ?? '';
    const step = /^Step (?<done>\d+)\/(?<all>\d+) : /u.exec(text);
    if (step !== null) work.progress({ doneBytes: 0, totalBytes: null, detail: text.slice(0, 120) });
  });
}
