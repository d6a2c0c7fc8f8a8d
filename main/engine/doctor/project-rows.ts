import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import { formatConfigProblem } from '../../../preload/contract/errors.ts';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { rowsOf } from './row.ts';

const { row } = rowsOf('project');

/** What the snapshot tells of a project already: folder, config, trust, drift and the network. Pure. */
export function toStateRows(project: ProjectState): readonly DoctorRow[] {
  return [
    toFolderRow(project),
    toConfigRow(project),
    toTrustRow(project),
    ...toDriftRows(project),
    ...toImageChangeRows(project),
    toVolumeRow(project),
    toMtuRow(project),
  ];
}

function toFolderRow({ folder, folderStatus }: ProjectState): DoctorRow {
  if (folderStatus === 'present') return row('project', 'Project', 'ok', folder);
  return row(
    'project',
    'Project',
    'problem',
    `${folder} is ${folderStatus}.`,
    'Check its place, owner and disk; "tazpod forget" drops the entry.',
  );
}

function toConfigRow({ config }: ProjectState): DoctorRow {
  if (config.status === 'absent') {
    return row('config', 'Config', 'warning', `There is no ${config.file}.`, 'Run "tazpod init" to write one.');
  }
  if (config.status === 'invalid') {
    const problems = config.problems.map((problem) => formatConfigProblem(config.file, problem));
    const detail = problems.length > 0 ? problems.join('; ') : config.failure.message;
    return row('config', 'Config', 'problem', detail, config.failure.nextStep);
  }
  if (config.warnings.length > 0) {
    return row('config', 'Config', 'warning', config.warnings.join('; '), 'Remove or correct what it names.');
  }
  return row('config', 'Config', 'ok', config.file);
}

function toTrustRow({ trust }: ProjectState): DoctorRow {
  if (trust.status === 'trusted') return row('trust', 'Trust', 'ok', 'What the config asks for is allowed.');
  if (trust.status === 'unknown') {
    return row('trust', 'Trust', 'unknown', 'Without a valid config there is nothing to ask.');
  }
  const detail = trust.trustedBefore ? 'It changed since you allowed it.' : 'It is not allowed yet.';
  return row('trust', 'Trust', 'warning', detail, 'Look at it with "tazpod trust".');
}

function toDriftRows({ drift }: ProjectState): readonly DoctorRow[] {
  if (drift.length === 0) return [];
  const detail = `They differ in ${drift.map(({ key }) => key).join(', ')}.`;
  return [row('drift', 'Container and config', 'warning', detail, '"tazpod rebuild" applies the config.')];
}

function toImageChangeRows({ imageChange }: ProjectState): readonly DoctorRow[] {
  if (imageChange === null) return [];
  const { image, before, after } = imageChange;
  const detail = `${image} names ${after.slice(0, 19)} now; the container was made from ${before.slice(0, 19)}.`;
  return [row('image-change', 'Image of the container', 'warning', detail, '"tazpod rebuild" uses the new one.')];
}

function toVolumeRow({ volumes }: ProjectState): DoctorRow {
  const title = 'Caches and history';
  const named = volumes.map(({ kind, path, name }) => (kind === 'history' ? 'shell history' : (path ?? name)));
  const left = volumes.filter(({ inConfig }) => !inConfig).map(({ name }) => name);
  if (left.length === 0) {
    return row('volumes', title, 'ok', named.length === 0 ? 'Nothing is kept yet.' : `Kept: ${named.join(', ')}.`);
  }
  return row(
    'volumes',
    title,
    'warning',
    `Kept: ${named.join(', ')}. The config no longer names ${left.length} of them.`,
    `Once no container uses it: docker volume rm ${left.join(' ')}`,
  );
}

function toMtuRow({ network, container }: ProjectState): DoctorRow {
  const wanted = network.wantedMtu === null ? 'not measured yet' : String(network.wantedMtu);
  if (container.status !== 'running' || network.mtu === null) {
    return row('mtu', 'MTU', 'unknown', `The container does not run; the way out takes ${wanted}.`);
  }
  const detail = `${network.mtu} in the container; the way out takes ${wanted}.`;
  return network.tooLarge
    ? row('mtu', 'MTU', 'problem', detail, 'Large packets get lost: "tazpod restart" joins a network that fits.')
    : row('mtu', 'MTU', 'ok', detail);
}
