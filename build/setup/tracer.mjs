import { isOnPath } from './desktop-packages.mjs';
import { installPackages } from './install-engine.mjs';

/**
 * Installs strace, with which tests make system calls fail, as root on a system with apt-get. Elsewhere those tests say in
 * their names that they need it.
 * @throws {import('./say.mjs').SetupError} apt-get failed
 */
export async function ensureTracer() {
  if (process.platform !== 'linux' || isOnPath('strace')) return;
  if (process.getuid?.() === 0 && isOnPath('apt-get')) await installPackages(['strace']);
}
