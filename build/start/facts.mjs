import { readFileSync, statSync } from 'node:fs';
import { inProject } from '../setup/project.mjs';

/**
 * What decides whether a window can be shown here.
 * @typedef {{ platform: NodeJS.Platform, display: string, waylandDisplay: string, isRoot: boolean, restrictsNamespaces: boolean,
 *   hasSetuidSandbox: boolean }} DesktopFacts
 */

/** @returns {DesktopFacts} */
export function readDesktopFacts() {
  return {
    platform: process.platform,
    display: process.env['DISPLAY'] ?? '',
    waylandDisplay: process.env['WAYLAND_DISPLAY'] ?? '',
    isRoot: process.getuid?.() === 0,
    restrictsNamespaces: readSwitch('/proc/sys/kernel/apparmor_restrict_unprivileged_userns'),
    hasSetuidSandbox: isSetuidRoot(inProject('node_modules', 'electron', 'dist', 'chrome-sandbox')),
  };
}

/** @param {string} file */
function readSwitch(file) {
  try {
    return readFileSync(file, 'utf8').trim() === '1';
  } catch {
    // Kernels without the switch do not restrict.
    return false;
  }
}

/** @param {string} file */
function isSetuidRoot(file) {
  const status = statSync(file, { throwIfNoEntry: false });
  return status !== undefined && status.uid === 0 && (status.mode & 0o4000) !== 0;
}
