import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.mjs';
import { say } from './say.mjs';

/** Programs that the desktop tests need, and the Debian packages that bring them. */
const programs = {
  chromium: ['chromium'],
  Xvfb: ['xvfb'],
  'dbus-daemon': ['dbus'],
  openbox: ['openbox'],
  'xfce4-panel': ['xfce4-panel', 'xfconf', 'adwaita-icon-theme', 'hicolor-icon-theme'],
  gdbus: ['libglib2.0-bin'],
};

/** @typedef {{ status: 'ready' } | { status: 'none', reason: string, nextStep: string }} DesktopParts */

/**
 * Makes sure that a desktop can be had for tests: a screen without a monitor, a session bus, a window manager, a panel with
 * a tray, and Chromium. Installs what is missing as root on a Debian-like system; says what to run elsewhere.
 * @returns {Promise<DesktopParts>}
 */
export async function ensureDesktopPackages() {
  const missing = missingPackages();
  if (missing.length === 0) return { status: 'ready' };
  const nextStep = `run: apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (process.platform !== 'linux') return { status: 'none', reason: 'the desktop tests run on Linux', nextStep };
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) {
    return { status: 'none', reason: `these packages are missing: ${missing.join(', ')}`, nextStep };
  }
  say(`installing a desktop for tests: ${missing.join(', ')}`);
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...missing];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  let done = await run('apt-get', install, { env, show: true });
  if (done.code !== 0) {
    // Its lists may be empty or old.
    await run('apt-get', ['update', '-qq'], { env, show: true });
    done = await run('apt-get', install, { env, show: true });
  }
  if (missingPackages().length === 0) return { status: 'ready' };
  return {
    status: 'none',
    reason: `apt-get could not install ${missing.join(', ')} (exit code ${done.code})`,
    nextStep,
  };
}

function missingPackages() {
  return Object.entries(programs).flatMap(([program, packages]) => (isOnPath(program) ? [] : packages));
}

/** @param {string} program */
function isOnPath(program) {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
