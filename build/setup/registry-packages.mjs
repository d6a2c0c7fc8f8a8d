import { isOnPath } from './desktop-packages.mjs';
import { installPackages } from './install-engine.mjs';

/** A real registry for the tests of pulls, and htpasswd for the one with a login. */
const registryPackages = ['docker-registry', 'apache2-utils'];

/**
 * Installs the registry as root on a system with apt-get. Elsewhere its tests say in their names that they are skipped.
 * @throws {import('./say.mjs').SetupError} apt-get failed
 */
export async function ensureRegistryPackages() {
  if (process.platform !== 'linux' || ['docker-registry', 'htpasswd'].every(isOnPath)) return;
  if (process.getuid?.() === 0 && isOnPath('apt-get')) await installPackages(registryPackages);
}
