import { readContainerTar, type Archive } from '../archive.ts';
import { writeTar } from '../tar-write.ts';

/** An archive of these files, by path, as the container's tar would give it. */
export async function archiveOf(files: Readonly<Record<string, string | Uint8Array>>, mode = 0o600): Promise<Archive> {
  const members = Object.entries(files).map(([path, bytes]) => ({
    path,
    type: 'file' as const,
    mode,
    mtimeSeconds: 5,
    bytes: Uint8Array.from(Buffer.from(bytes)),
    target: '',
  }));
  async function* chunks() {
    yield* writeTar(members, { uid: 1000, gid: 1000 });
  }
  return await readContainerTar(chunks(), '/project');
}
