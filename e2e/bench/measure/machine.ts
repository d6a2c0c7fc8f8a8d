import { cpus, release, totalmem } from 'node:os';
import type { DockerClient } from '../../../main/engine/docker/client.ts';

/** One line that says where the figures come from. */
export async function describeMachine(client: DockerClient): Promise<string> {
  const processors = cpus();
  const { Version: version, ApiVersion: apiVersion } = await client.version();
  return [
    `${processors[0]?.model.trim() ?? 'unknown CPU'}, ${processors.length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `${process.platform} ${release()}`,
    `engine ${version} (API ${apiVersion})`,
    `Node ${process.versions.node}`,
  ].join('; ');
}
