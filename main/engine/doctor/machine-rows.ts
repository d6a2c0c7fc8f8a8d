import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import type { DiskFacts, MachineFacts, SwapFacts } from './machine-facts.ts';
import { rowsOf } from './row.ts';

const { row } = rowsOf('machine');

/** Less free space than this breaks builds and saves sooner or later, in bytes. */
const littleSpaceBytes = 2 * 1024 ** 3;
const noSpaceBytes = 200 * 1024 ** 2;

/** What this machine gives to every container. Pure. */
export function toMachineRows(facts: MachineFacts): readonly DoctorRow[] {
  return [toGitRow(facts), toProxyRow(facts), toSwapRow(facts.swap), ...facts.disks.map(toDiskRow)];
}

function toGitRow({ git: { name, email } }: MachineFacts): DoctorRow {
  if (name !== null && email !== null) return row('git', 'Git identity', 'ok', `${name} <${email}>`);
  const missing = [...(name === null ? ['user.name'] : []), ...(email === null ? ['user.email'] : [])];
  return row(
    'git',
    'Git identity',
    'warning',
    `Your git config has no ${missing.join(' and no ')}, so commits made inside have none either.`,
    missing
      .map((key) => `git config --global ${key} "${key === 'user.name' ? 'Your Name' : 'you@example.com'}"`)
      .join('; '),
  );
}

/** `localhost` means another machine inside a container: itself. */
const loopbackProxy = /^\w+:\/\/(?:[^/@]*@)?(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::|\/|$)/iu;

function toProxyRow({ proxies, ownProxies }: MachineFacts): DoctorRow {
  const entries = Object.entries(proxies);
  const shown = entries.map(([name, value]) => `${name}=${value}`).join(', ');
  const ofItself = entries.filter(([name, value]) => name !== 'NO_PROXY' && loopbackProxy.test(value));
  if (ofItself.length > 0) {
    return row(
      'proxies',
      'Proxies',
      'warning',
      `${shown}. Inside a container, localhost is the container itself, so the proxy is not found there.`,
      'Name the proxy by an address that containers reach, in "proxies" of ~/.docker/config.json.',
    );
  }
  if (entries.length > 0) return row('proxies', 'Proxies', 'ok', shown);
  if (ownProxies.length > 0) {
    return row(
      'proxies',
      'Proxies',
      'warning',
      `${ownProxies.join(', ')} is set here, but the docker client's config has no proxies, so containers get none.`,
      'Add "proxies" to ~/.docker/config.json (docs.docker.com/engine/cli/proxy).',
    );
  }
  return row('proxies', 'Proxies', 'ok', 'None set.');
}

function toSwapRow(swap: SwapFacts | null): DoctorRow {
  if (swap === null) {
    return row('swap', 'Vault and swap', 'unknown', "The engine's own machine keeps the vault's memory.");
  }
  if (swap.areas.length === 0) return row('swap', 'Vault and swap', 'ok', 'No swap on a disk is in use.');
  const areas = swap.areas.join(', ');
  if (swap.hasNoswap) {
    const detail = `Swap is on (${areas}); an open vault stays out of it, except in the hardened profile.`;
    return row('swap', 'Vault and swap', 'ok', detail);
  }
  return row(
    'swap',
    'Vault and swap',
    'warning',
    `Swap is on (${areas}), and before Linux 6.4 an open vault can reach it: what it holds may be written to the disk.`,
    'Encrypt the swap, or turn it off: "sudo swapoff -a".',
  );
}

function toDiskRow({ folder, what, freeBytes }: DiskFacts): DoctorRow {
  const free = `${(freeBytes / 1e9).toFixed(1)} GB free for ${what} (${folder})`;
  if (freeBytes >= littleSpaceBytes) return row('disk', 'Disk', 'ok', free);
  const nextStep = '"docker system df" shows what the engine holds, "docker image prune" removes what nobody names.';
  return row('disk', 'Disk', freeBytes < noSpaceBytes ? 'problem' : 'warning', `Only ${free}`, nextStep);
}
