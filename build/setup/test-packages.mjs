import { existsSync } from 'node:fs';
import { isOnPath } from './desktop-packages.mjs';
import { installPackages } from './install-engine.mjs';
import { SetupError, say } from './say.mjs';

/** Services that tests talk to for real, by the programs that they need. */
const services = [
  // A registry for pulls, and htpasswd for the one with a login.
  { programs: ['docker-registry', 'htpasswd'], packages: ['docker-registry', 'apache2-utils'] },
  // An S3 service with conditional writes: Ceph's gateway, one monitor and one store in memory.
  {
    programs: ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph', 'radosgw-admin'],
    packages: ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common', 'ceph-base'],
  },
  // Their packages would switch on a service or socket for good, which nobody asked for: only where a policy keeps them from it.
  ...(existsSync('/run/systemd/system') || !existsSync('/usr/sbin/policy-rc.d')
    ? []
    : [
        // Another engine behind the same API, beside the Docker engine that is there by now.
        { programs: ['podman'], packages: ['podman', 'netavark', 'catatonit'] },
        // A login from a container, with the keys and the agent of the person outside.
        { programs: ['sshd'], packages: ['openssh-server'] },
      ]),
];

/**
 * Installs what is missing as root on a system with apt-get. Elsewhere, and where that fails, the tests say in their names that
 * they are skipped.
 */
export async function ensureTestPackages() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !isOnPath('apt-get')) return;
  for (const { programs, packages } of services) {
    if (programs.every(isOnPath)) continue;
    try {
      await installPackages(packages);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      say(`${error.message}; its tests are skipped`);
    }
  }
}
