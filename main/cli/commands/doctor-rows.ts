import { formatConfigProblem, type Failure } from '../../../preload/contract/errors.ts';
import type { ProjectState, Snapshot } from '../../../preload/contract/snapshot.ts';

/** One thing that doctor looked at. */
export interface DoctorRow {
  readonly id: string;
  readonly title: string;
  readonly result: 'ok' | 'warning' | 'problem' | 'unknown';
  readonly detail: string;
  /** Empty where there is nothing to do. */
  readonly nextStep: string;
}

/** What doctor knows; `snapshot` is null where no host process can be had. */
export interface DoctorFindings {
  readonly hostFailure: Failure | null;
  readonly snapshot: Snapshot | null;
  readonly version: string;
  readonly folders: { readonly runtime: string; readonly state: string };
  readonly folder: string;
  /** null: the folder is not registered. */
  readonly project: ProjectState | null;
}

const row = (id: string, title: string, result: DoctorRow['result'], detail: string, nextStep = ''): DoctorRow => ({
  id,
  title,
  result,
  detail,
  nextStep,
});

const failureRow = (id: string, title: string, failure: Failure): DoctorRow =>
  row(
    id,
    title,
    'problem',
    [failure.message, failure.details ?? ''].filter((part) => part !== '').join(' '),
    failure.nextStep,
  );

function hostRows({ hostFailure, snapshot, version, folders }: DoctorFindings): DoctorRow[] {
  const places = [
    row('runtime-folder', 'Runtime folder', 'ok', folders.runtime),
    row('state-folder', 'State folder', 'ok', folders.state),
  ];
  if (snapshot === null) {
    const reason = row('host', 'Host process', 'unknown', 'No host process could be reached.');
    return [hostFailure === null ? reason : failureRow('host', 'Host process', hostFailure), ...places];
  }
  const { kind, version: hostVersion, runtime, processId } = snapshot.host;
  const detail = `${kind} ${hostVersion}, ${runtime}, process ${processId}`;
  const isSame = hostVersion === version;
  const next = isSame ? '' : 'Run "tazpod quit"; the next command starts the new one.';
  const host = row(
    'host',
    'Host process',
    isSame ? 'ok' : 'warning',
    isSame ? detail : `${detail}; this is ${version}`,
    next,
  );
  return [host, ...places];
}

function engineRows(snapshot: Snapshot | null): DoctorRow[] {
  const engine = snapshot?.engine;
  if (engine === undefined || engine.status === 'connecting') {
    return [
      row('engine', 'Engine', 'unknown', engine === undefined ? 'Not asked.' : `Connecting to ${engine.endpoint}.`),
    ];
  }
  if (engine.status === 'away') {
    const { failure } = engine;
    const isPermission = failure.code === 'engine-permission';
    return [
      failureRow('engine', 'Engine', failure),
      isPermission
        ? failureRow('engine-permission', 'Permission on the socket', failure)
        : row('engine-permission', 'Permission on the socket', 'unknown', 'No engine answers.'),
    ];
  }
  const rootless = engine.rootless ? ', rootless' : '';
  const security = engine.securityOptions.length === 0 ? 'none reported' : engine.securityOptions.join(', ');
  return [
    row(
      'engine',
      'Engine',
      'ok',
      `${engine.name} ${engine.version}, API ${engine.apiVersion}, ${engine.operatingSystem}${rootless}`,
    ),
    row('engine-endpoint', 'Endpoint', 'ok', `${engine.endpoint} (from ${engine.source})`),
    row('engine-permission', 'Permission on the socket', 'ok', 'You may use it.'),
    row('engine-security', 'Security options', 'ok', security),
  ];
}

function configRow({ config }: ProjectState): DoctorRow {
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

function imageRow(project: ProjectState, snapshot: Snapshot): DoctorRow[] {
  if (project.config.status !== 'valid' || snapshot.engine.status !== 'ready') return [];
  const { image } = project.config;
  const full = /[:@][^/]*$/u.test(image) ? image : `${image}:latest`;
  const isHere = snapshot.images.some(({ tags }) => tags.includes(full));
  return isHere
    ? [row('image', 'Image', 'ok', `${image} is on this machine.`)]
    : [
        row(
          'image',
          'Image',
          'warning',
          `${image} is not on this machine.`,
          `"tazpod up" pulls or builds it; "tazpod image pull ${image}" does so now.`,
        ),
      ];
}

/** Who owns what is made inside, and which keys serve there, as the config asks for it now. */
function insideRows({ trust }: ProjectState): DoctorRow[] {
  if (trust.status === 'unknown') return [];
  const valueOf = (...keys: readonly string[]): string | null =>
    trust.grants.find(({ key }) => keys.includes(key))?.value ?? null;
  const agent = valueOf('ssh-agent') === null ? '' : '; the agent is forwarded';
  return [
    row('user-ids', 'User ids', 'ok', valueOf('user-ids') ?? "The image's own; the engine or the system maps owners."),
    row(
      'ssh',
      'SSH keys',
      'ok',
      `${valueOf('ssh', 'mount:/home/tazpod/.ssh') ?? 'Not shown inside (ssh: none)'}${agent}`,
    ),
  ];
}

function mtuRow({ network, container }: ProjectState): DoctorRow {
  const wanted = network.wantedMtu === null ? 'not measured yet' : String(network.wantedMtu);
  if (container.status !== 'running' || network.mtu === null) {
    return row('mtu', 'MTU', 'unknown', `The container does not run; the way out takes ${wanted}.`);
  }
  const detail = `${network.mtu} in the container; the way out takes ${wanted}.`;
  return network.tooLarge
    ? row('mtu', 'MTU', 'problem', detail, 'Large packets get lost: "tazpod restart" joins a network that fits.')
    : row('mtu', 'MTU', 'ok', detail);
}

function projectRows({ project, snapshot, folder }: DoctorFindings): DoctorRow[] {
  if (snapshot === null) return [];
  if (project === null)
    return [row('project', 'Project', 'ok', `${folder} is not registered, so nothing of it was looked at.`)];
  const folderRow =
    project.folderStatus === 'present'
      ? row('project', 'Project', 'ok', project.folder)
      : row(
          'project',
          'Project',
          'problem',
          `${project.folder} is ${project.folderStatus}.`,
          'Check its place, owner and disk; "tazpod forget" drops the entry.',
        );
  const trust =
    project.trust.status === 'trusted'
      ? row('trust', 'Trust', 'ok', 'What the config asks for is allowed.')
      : project.trust.status === 'untrusted'
        ? row(
            'trust',
            'Trust',
            'warning',
            project.trust.trustedBefore ? 'It changed since you allowed it.' : 'It is not allowed yet.',
            'Look at it with "tazpod trust".',
          )
        : row('trust', 'Trust', 'unknown', 'Without a valid config there is nothing to ask.');
  const drift =
    project.drift.length === 0
      ? []
      : [
          row(
            'drift',
            'Container and config',
            'warning',
            `They differ in ${project.drift.map(({ key }) => key).join(', ')}.`,
            '"tazpod rebuild" applies the config.',
          ),
        ];
  return [
    folderRow,
    configRow(project),
    trust,
    ...imageRow(project, snapshot),
    ...drift,
    ...insideRows(project),
    mtuRow(project),
  ];
}

/** All rows, in the order they are shown. */
export function toDoctorRows(findings: DoctorFindings): DoctorRow[] {
  return [...hostRows(findings), ...engineRows(findings.snapshot), ...projectRows(findings)];
}
