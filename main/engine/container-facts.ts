import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Core, ValidConfig } from './core.ts';
import type { ContainerFacts } from './docker/container-spec.ts';
import { failWith, hasCode } from './failure.ts';
import { findAgentSocket, readHostEnvironment } from './inside/host-environment.ts';

/** Everything the create request depends on beside the config, read from host and engine. */
export async function toContainerFacts(
  core: Pick<Core, 'store' | 'ports'>,
  projectId: string,
  folder: string,
  read: ValidConfig,
  names: { readonly containerName: string; readonly networkName: string },
): Promise<ContainerFacts> {
  const { host, engine } = core.store.state();
  const securityOptions = engine.status === 'ready' ? engine.securityOptions : [];
  const selinux = securityOptions.some((option) => option.includes('name=selinux'));
  if (selinux && folder.includes(':')) {
    throw failWith('folder-refused', { folder, reason: 'on an SELinux engine its path may hold no colon' });
  }
  return {
    installId: host.installId,
    version: host.version,
    projectId,
    folder,
    sshFolder: await findSshFolder(core.ports.homeFolder),
    environment: await readHostEnvironment(
      core.ports.environment,
      core.ports.homeFolder,
      engine.status === 'ready' ? engine.endpoint : '',
    ),
    agentSocket: read.config.ssh === 'agent' ? await findAgentSocket(core.ports.environment) : null,
    appArmor: securityOptions.some((option) => option.includes('name=apparmor')),
    selinux,
    driftHash: read.driftHash,
    driftFields: read.driftFields,
    ...names,
  };
}

/** Canonical path of ~/.ssh; null where it does not exist: it is never created. */
export async function findSshFolder(homeFolder: string): Promise<string | null> {
  try {
    return await realpath(path.join(homeFolder, '.ssh'));
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}
