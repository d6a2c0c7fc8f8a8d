import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject, node24 } from './project.mjs';
import { run } from './run.mjs';

/** @typedef {{ kind: 'electron' | 'standin', distPath: string, version: string, line: string }} Runtime */

const electronFolder = inProject('node_modules', 'electron');
/** Remembers that the binary could not be had, so that not every start waits for a download that fails. */
const failureFile = inProject('node_modules', '.tazpod-electron');
/** A day, in milliseconds. */
const retryAfterMs = 24 * 60 * 60 * 1000;

/**
 * Real Electron where its binary is there or can be fetched; else the stand-in, saying which and why.
 * @returns {Promise<Runtime>}
 */
export async function ensureElectron() {
  const wanted = readVersion();
  const distPath = join(electronFolder, 'dist');
  if (!isInstalled(distPath, wanted) && !failedLately(wanted)) await fetchBinary(wanted);
  if (isInstalled(distPath, wanted)) {
    return { kind: 'electron', distPath, version: wanted, line: `runtime: Electron ${wanted}` };
  }
  const standin = inProject('build', 'standin');
  const version = readFileSync(join(standin, 'version'), 'utf8').trim();
  const line = `runtime: the stand-in ${version} on this machine's Chromium, since Electron's binary can't be had here (docs/electron.md)`;
  return { kind: 'standin', distPath: standin, version, line };
}

function readVersion() {
  const { version } = /** @type {{ version: string }} */ (
    JSON.parse(readFileSync(join(electronFolder, 'package.json'), 'utf8'))
  );
  return version;
}

/** @param {string} distPath @param {string} wanted */
function isInstalled(distPath, wanted) {
  const file = join(distPath, 'version');
  return existsSync(file) && readFileSync(file, 'utf8').trim().replace(/^v/, '') === wanted;
}

/** @param {string} wanted */
async function fetchBinary(wanted) {
  const { code } = await run(node24, [join(electronFolder, 'install.js')], { quiet: true });
  if (code !== 0) writeFileSync(failureFile, JSON.stringify({ wanted, atMs: Date.now() }));
}

/** @param {string} wanted */
function failedLately(wanted) {
  try {
    const { wanted: tried, atMs } = /** @type {{ wanted: string, atMs: number }} */ (
      JSON.parse(readFileSync(failureFile, 'utf8'))
    );
    return tried === wanted && Date.now() - atMs < retryAfterMs;
  } catch {
    // None or unreadable: try.
    return false;
  }
}
