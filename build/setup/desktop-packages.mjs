import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installPackages } from './install-engine.mjs';

/** What tests of windows and tray icons need; with xfce4-panel and its themes the README's screenshots are made. */
export const desktopPackages = [
  'chromium',
  'xvfb',
  'dbus',
  'dbus-x11',
  'xfce4-panel',
  'xfconf',
  'openbox',
  'xdotool',
  'wmctrl',
  'imagemagick',
  'scrot',
  'x11-utils',
  'libglib2.0-bin',
  'adwaita-icon-theme',
  'hicolor-icon-theme',
];

/** The programs that tests start themselves. */
const programs = ['Xvfb', 'dbus-daemon', 'openbox', 'xfce4-panel', 'gdbus'];
const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** @typedef {{ status: 'ready' } | { status: 'missing', reason: string, nextStep: string }} DesktopPackages */

/**
 * Makes sure that a test desktop can be started: installs what is missing as root on a system with apt-get, else says
 * what to run.
 * @returns {Promise<DesktopPackages>}
 * @throws {import('./say.mjs').SetupError} apt-get failed
 */
export async function ensureDesktopPackages() {
  if (process.platform !== 'linux') {
    return { status: 'missing', reason: 'the test desktop is an X11 one', nextStep: 'run these tests on Linux' };
  }
  const missing = findMissing();
  if (missing.length === 0) return { status: 'ready' };
  const isRoot = process.getuid?.() === 0;
  if (isRoot && isOnPath('apt-get')) {
    await installPackages(desktopPackages);
    return { status: 'ready' };
  }
  return {
    status: 'missing',
    reason: `not installed: ${missing.join(', ')}`,
    nextStep: `sudo apt-get install --no-install-recommends ${desktopPackages.join(' ')}`,
  };
}

function findMissing() {
  const missing = programs.filter((name) => !isOnPath(name));
  return browsers.some(isOnPath) ? missing : ['chromium', ...missing];
}

/** Whether a program of this name can be started. @param {string} program */
export function isOnPath(program) {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
