import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import type { HostState, ProjectState } from '../../../preload/contract/snapshot.ts';
import { projectCore, type Core } from '../core.ts';
import type { DockerClient } from '../docker/client.ts';
import { readEngineFacts } from '../docker/engine-facts.ts';
import { failureOf } from '../failure.ts';
import { rereadProjects } from '../projects.ts';
import { toEngineRows } from './engine-rows.ts';
import { toEnvironmentRow } from './environment-row.ts';
import { readInsideFacts, type InsideFacts } from './inside-facts.ts';
import { toInsideRows } from './inside-rows.ts';
import { readMachineFacts, type MachineFacts } from './machine-facts.ts';
import { toMachineRows } from './machine-rows.ts';
import { toStateRows } from './project-rows.ts';
import { rowsOf } from './row.ts';
import { compareHandshakes } from './tls-facts.ts';
import { toTlsRow } from './tls-rows.ts';
import { toTlsTarget } from './tls-target.ts';
import { toVaultRows } from './vault-rows.ts';

/**
 * Looks at everything that keeps a project from working, and at one project where it is named. A part that can't be
 * looked at becomes a row, never an error: doctor is for when things are broken.
 */
export async function lookAround(core: Core, projectId: string | null): Promise<readonly DoctorRow[]> {
  // Waits while the engine is being connected to; away, the rows say why.
  const client = await core.connection.client().catch(() => null);
  const { host, engine } = core.store.state();
  const engineFacts = client === null ? null : await readEngineFacts(client).catch(() => null);
  const machine = await readMachineFacts({
    environment: core.ports.environment,
    homeFolder: core.ports.homeFolder,
    endpoint: engine.status === 'ready' ? engine.endpoint : '',
    folders: toDiskFolders(core, engineFacts?.rootFolder ?? null),
  }).catch((error: unknown) => failureOf(error));
  const isRead = 'disks' in machine;
  return [
    toHostRow(host),
    toEnvironmentRow(core.ports.environment),
    rowsOf('app').row('state-folder', 'State folder', 'ok', core.ports.stateFolder),
    ...toEngineRows(engine, engineFacts),
    ...(isRead ? toMachineRows(machine) : [rowsOf('machine').failure('machine', 'This machine', machine)]),
    ...(projectId === null ? [] : await lookAtProject(core, client, projectId, isRead ? machine : null)),
  ];
}

function toHostRow({ kind, version, runtime, processId }: HostState): DoctorRow {
  return rowsOf('app').row('host', 'Host process', 'ok', `${kind} ${version}, ${runtime}, process ${processId}`);
}

/** Folders whose disks matter, each once: the engine's where it is on this machine, and our own. */
function toDiskFolders(core: Core, engineFolder: string | null): ReadonlyMap<string, string> {
  return new Map([
    ...(engineFolder === null ? [] : [[engineFolder, 'images and volumes'] as const]),
    [core.ports.stateFolder, "TazPod's own files"],
  ]);
}

async function lookAtProject(
  core: Core,
  client: DockerClient | null,
  projectId: string,
  machine: MachineFacts | null,
): Promise<readonly DoctorRow[]> {
  await rereadProjects(core, [projectId]);
  const { folder, config, folderStatus } = projectCore(core, projectId);
  const project = core.store.state().snapshot.projects.find(({ id }) => id === projectId);
  if (project === undefined) return [];
  const rows = [...toStateRows(project), ...toVaultRows(project)];
  if (config.status !== 'valid' || folderStatus !== 'present') return rows;
  const isUp = project.container.status === 'running' || project.container.status === 'paused';
  try {
    const facts = await readInsideFacts(core, client, folder, config.config, isUp);
    const inside = toInsideRows(facts, machine?.privateResolvers ?? [], project.ports);
    return [...rows, ...inside, await lookAtTls(core, client, project, facts)];
  } catch (error) {
    return [...rows, rowsOf('project').failure('inside', 'Inside', failureOf(error))];
  }
}

async function lookAtTls(
  core: Core,
  client: DockerClient | null,
  { id, network }: ProjectState,
  { config, image }: InsideFacts,
): Promise<DoctorRow> {
  const target = toTlsTarget(config, (image?.registryDigest ?? null) !== null);
  try {
    return toTlsRow(await compareHandshakes(core, client, id, target), network.mtu);
  } catch (error) {
    return rowsOf('project').failure('tls', 'TLS from inside', failureOf(error));
  }
}
