import { createHash } from 'node:crypto';
import { askEngine, statusOf, type DockerClient } from './client.ts';
import { appLabelValue, isOurs, labels, projectOf } from './labels.ts';

/** Where the volume with the shells' history is mounted. */
export const historyFolder = '/var/lib/tazpod/history';

/** A volume of a project: a cache or the shells' history. */
export interface ProjectVolume {
  readonly name: string;
  /** Absolute path inside. */
  readonly path: string;
}

/** Home of a user as images have it; the create request is made before the image can be asked. */
function homeOf(user: string): string {
  if (user === 'root' || /^0+(?::|$)/u.test(user)) return '/root';
  return /^\d/u.test(user) ? '/home/tazpod' : `/home/${user}`;
}

/**
 * The volumes of a project, the history's first. A name is made of installation, project and path, so that the same
 * path finds its volume again after `down`. Pure.
 */
export function toProjectVolumes(
  installId: string,
  projectId: string,
  user: string,
  caches: readonly string[],
): readonly ProjectVolume[] {
  const paths = [historyFolder, ...caches.map((one) => one.replace(/^~(?=\/)/u, homeOf(user)))];
  return [...new Set(paths)].map((path) => {
    const hash = createHash('sha256').update(path).digest('hex').slice(0, 12);
    return { name: `tazpod-${installId.slice(0, 8)}-${projectId}-${hash}`, path };
  });
}

/** Labels of a volume: the proof that it is ours. */
export function toVolumeLabels(installId: string, projectId: string): Readonly<Record<string, string>> {
  return { [labels.app]: appLabelValue, [labels.install]: installId, [labels.project]: projectId };
}

/** What a volume of a project says of itself. */
export function toLabelsOf(installId: string, projectId: string, volume: ProjectVolume): Record<string, string> {
  return { ...toVolumeLabels(installId, projectId), [labels.volume]: volume.path };
}

/**
 * Makes volumes; those that are there stay as they are. Docker would make them with the container, but Podman then
 * forgets their labels, which are the proof that they are ours.
 */
export async function createVolumes(
  client: DockerClient,
  installId: string,
  projectId: string,
  volumes: readonly ProjectVolume[],
): Promise<void> {
  await Promise.all(
    volumes.map(async (volume) => {
      const Labels = toLabelsOf(installId, projectId, volume);
      await askEngine('make a volume', client.createVolume({ Name: volume.name, Driver: 'local', Labels }));
    }),
  );
}

/** A volume of ours, as the engine lists it. */
export interface ListedVolume {
  readonly projectId: string;
  readonly name: string;
  /** null on one that was made before its path was written on it. */
  readonly path: string | null;
}

/** All volumes of an installation. */
export async function listVolumes(client: DockerClient, installId: string): Promise<readonly ListedVolume[]> {
  const label = [`${labels.app}=${appLabelValue}`, `${labels.install}=${installId}`];
  const { Volumes: rows } = await askEngine('list volumes', client.listVolumes({ filters: { label } }));
  return (rows ?? []).flatMap(({ Name: name, Labels: given }) => {
    const projectId = projectOf(given, installId);
    return projectId === null ? [] : [{ projectId, name, path: (given as VolumeLabels)?.[labels.volume] ?? null }];
  });
}

type VolumeLabels = Readonly<Record<string, string>> | null;

/**
 * Removes a project's volumes, found by label alone.
 * @returns how many
 */
export async function removeProjectVolumes(
  client: DockerClient,
  installId: string,
  projectId: string,
): Promise<number> {
  const label = Object.entries(toVolumeLabels(installId, projectId)).map(([name, value]) => `${name}=${value}`);
  const { Volumes: rows } = await askEngine('list volumes', client.listVolumes({ filters: { label } }));
  const own = (rows ?? []).filter((row) => isOurs(row.Labels, installId));
  for (const { Name: name } of own) {
    await askEngine(
      'remove the volume',
      client
        .getVolume(name)
        .remove()
        .catch((error: unknown) => {
          // 404: gone already.
          if (statusOf(error) !== 404) throw error;
        }),
    );
  }
  return own.length;
}
