import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import { hideCredentials } from '../inside/host-environment.ts';
import { rowsOf } from './row.ts';

/** What of an environment decides how things go, and is no secret. Anything else is not told, not even by name. */
const told = [
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_CONFIG',
  'XDG_RUNTIME_DIR',
  'SSH_AUTH_SOCK',
  'LANG',
  'LC_ALL',
  'TZ',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'AWS_PROFILE',
  'AWS_REGION',
] as const;

/**
 * What the host process was started with: it may be hours old and from another desktop or shell, so the command line's
 * own environment says nothing of it. Names and passwords in URLs are left out. Pure.
 */
export function toEnvironmentRow(environment: Readonly<Record<string, string | undefined>>): DoctorRow {
  const found = told.flatMap((name) => {
    const value = environment[name] || environment[name.toLowerCase()];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  const shown = Object.entries(hideCredentials(Object.fromEntries(found))).map(([name, value]) => `${name}=${value}`);
  const detail = shown.length === 0 ? 'Nothing that would change what it does.' : shown.join(', ');
  return rowsOf('app').row('host-environment', 'Its environment', 'ok', detail);
}
