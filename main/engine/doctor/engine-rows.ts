import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import type { EngineState } from '../../../preload/contract/snapshot.ts';
import { assertNever } from '../assert-never.ts';
import type { EngineFacts } from '../docker/engine-facts.ts';
import { rowsOf } from './row.ts';

const { row, failure } = rowsOf('engine');

/**
 * The engine: is it there, which one is it and how was it found, may it be used, what is particular about it. Pure.
 * @param facts null while no engine answers
 */
export function toEngineRows(engine: EngineState, facts: EngineFacts | null): readonly DoctorRow[] {
  switch (engine.status) {
    case 'connecting':
      return [row('engine', 'Engine', 'unknown', `Connecting to ${engine.endpoint}.`, 'Look again in a moment.')];
    case 'away':
      return toAwayRows(engine);
    case 'ready':
      return toReadyRows(engine, facts);
    default:
      return assertNever(engine);
  }
}

function toAwayRows({ failure: reason }: Extract<EngineState, { status: 'away' }>): readonly DoctorRow[] {
  const isContext = reason.code === 'context-unreadable' || reason.code === 'engine-remote';
  return [
    failure('engine', 'Engine', reason),
    ...(isContext ? [failure('engine-endpoint', 'Context and endpoint', reason)] : []),
    reason.code === 'engine-permission'
      ? failure('engine-permission', 'Permission on the socket', reason)
      : row('engine-permission', 'Permission on the socket', 'unknown', 'No engine answers.'),
  ];
}

function toReadyRows(
  engine: Extract<EngineState, { status: 'ready' }>,
  facts: EngineFacts | null,
): readonly DoctorRow[] {
  const { name, version, apiVersion, operatingSystem, rootless, endpoint, source, securityOptions } = engine;
  const security = securityOptions.length === 0 ? 'none reported' : securityOptions.join(', ');
  const about = `${name} ${version}, API ${apiVersion}, ${operatingSystem}${rootless ? ', rootless' : ''}`;
  return [
    row('engine', 'Engine', 'ok', about),
    row('engine-endpoint', 'Context and endpoint', 'ok', `${endpoint} (from ${source})`),
    row('engine-permission', 'Permission on the socket', 'ok', 'You may use it.'),
    row('engine-security', 'Security options', 'ok', security),
    toSelinuxRow(securityOptions),
    ...(facts === null ? [] : toFactRows(facts)),
  ];
}

function toSelinuxRow(securityOptions: readonly string[]): DoctorRow {
  const isOn = securityOptions.some((option) => option.includes('name=selinux'));
  if (!isOn) return row('selinux', 'SELinux', 'ok', 'The engine does not use it.');
  return row(
    'selinux',
    'SELinux',
    'warning',
    'Project folders get a label that containers may read; ~/.ssh keeps its own, which keeps containers out.',
    'Where keys can’t be read inside, use "ssh: agent", or a remote over https.',
  );
}

function toFactRows({ isPodman, runtime }: EngineFacts): readonly DoctorRow[] {
  const isolation = isPodman
    ? row(
        'engine-isolation',
        'Between containers',
        'warning',
        'Podman ignores enable_icc=false: containers of your projects can reach each other.',
        'Let nothing listen inside without a password, or give a project a network of its own by another "network: { mtu: N }".',
      )
    : row('engine-isolation', 'Between containers', 'ok', 'Containers of your projects can’t reach each other.');
  return [
    runtime === null
      ? row('engine-runtime', 'Container runtime', 'unknown', 'The engine does not tell it.')
      : row('engine-runtime', 'Container runtime', 'ok', runtime),
    isolation,
  ];
}
