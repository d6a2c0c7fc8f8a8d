import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { failWith, failureOf, reasonOf } from '../failure.ts';
import { buildImage } from './build-image.ts';
import type { DockerClient } from './client.ts';
import { toImageError, type ImageWork } from './image.ts';
import { readProgress } from './json-lines.ts';

/** The image that TazPod brings along: made on this machine, never pulled. */
const baseRepository = 'tazpod/base';
const baseTag = 'local';
export const baseImage = `${baseRepository}:${baseTag}`;

/**
 * Makes the base image: from its Dockerfile where a registry can be reached, else with debootstrap from the host's own
 * Debian mirror. Both have the same content.
 * @param folder holds Dockerfile and debootstrap.sh
 */
export async function buildBaseImage(client: DockerClient, folder: string, work: ImageWork): Promise<void> {
  try {
    const request = { folder, build: { dockerfile: 'Dockerfile', context: '.' }, tag: baseImage, pull: false };
    await buildImage(client, request, work);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code !== 'image-build-failed') throw error;
    await importDebootstrap(client, folder, work, failure.message);
  }
}

async function importDebootstrap(client: DockerClient, folder: string, work: ImageWork, first: string): Promise<void> {
  const refuse = (reason: string): Error =>
    failWith('image-build-failed', { image: baseImage, reason: `${reason} (${first})` });
  if (process.platform !== 'linux') throw refuse('no registry can be reached, and debootstrap needs Linux');
  const script = path.join(folder, 'debootstrap.sh');
  // Its own clean-up ends what it started and unmounts what it mounted, so it is asked to end, never killed.
  const child = spawn('bash', [script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: work.signal,
    killSignal: 'SIGTERM',
  });
  const words: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    words.push(line);
    if (words.length > 20) words.shift();
    if (line.startsWith('step: ')) work.progress({ doneBytes: 0, totalBytes: null, detail: line.slice(6) });
  });
  const exited = new Promise<string | null>((resolve) => {
    child.once('error', (error) => resolve(reasonOf(error)));
    child.once('close', (code) => resolve(code === 0 ? null : words.join('\n')));
  });
  try {
    const changes = await readChanges(path.join(folder, 'Dockerfile'));
    // Untagged until the script is known to have ended well: a cut stream is a shorter, but valid, archive.
    const stream = (await client.importImage(child.stdout, { changes, abortSignal: work.signal })) as Readable;
    let imageId = '';
    const refused = await readProgress(stream, (line) => {
      if (line.status?.startsWith('sha256:') === true) imageId = line.status;
    });
    const failed = (await exited) ?? refused;
    if (failed !== null || imageId === '') {
      if (imageId !== '') await client.getImage(imageId).remove();
      throw refuse(failed ?? 'the engine told no image id');
    }
    await client.getImage(imageId).tag({ repo: baseRepository, tag: baseTag });
  } catch (error) {
    child.kill('SIGTERM');
    await exited;
    throw toImageError(error, work.signal, `Building ${baseImage}`, (text) =>
      failWith('image-build-failed', { image: baseImage, reason: text }),
    );
  }
}

/** What the image's metadata is to be, out of the Dockerfile, so that both ways give the same image. */
async function readChanges(dockerfile: string): Promise<string> {
  const text = await readFile(dockerfile, 'utf8');
  return text
    .split('\n')
    .filter((line) => /^(?:ENV|USER|WORKDIR|CMD) /u.test(line))
    .join('\n');
}
