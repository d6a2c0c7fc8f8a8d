import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { inProject, node24 } from './project.mjs';
import { SetupError, say } from './say.mjs';

/**
 * What runs the app: Electron itself, or the stand-in where its binary can't be had.
 * @typedef {{ kind: 'electron' | 'standin', distPath: string, version: string, line: string }} ElectronChoice
 */

/** About 110 MB come over the network; longer than this, and a person would rather see the app in the stand-in. */
const downloadLimitMs = 180_000;

/** How long a failed download is remembered. */
const retryAfterMs = 24 * 3_600_000;

const dist = inProject('node_modules', 'electron', 'dist');
const standin = inProject('build', 'standin');
/** Holds the version whose download failed last; its time is the file's. */
const failureFile = inProject('node_modules', '.tazpod-electron');

/**
 * Electron, if its binary is there or can be fetched; else the stand-in. `line` says which and why.
 * @param {{ fetch?: boolean }} [options] fetch: false looks at what is there and fetches nothing
 * @returns {Promise<ElectronChoice>}
 * @throws {SetupError} neither can run here
 */
export async function ensureElectron({ fetch = true } = {}) {
  const installed = findElectron();
  if (installed !== null) return installed;
  const reason = fetch ? await download() : 'its binary is not there';
  return findElectron() ?? chooseStandin(reason);
}

/** @returns {ElectronChoice | null} */
function findElectron() {
  const version = readText(join(dist, 'version')).replace(/^v/, '');
  const program = readText(inProject('node_modules', 'electron', 'path.txt'));
  if (version === '' || program === '' || !existsSync(join(dist, program))) return null;
  return { kind: 'electron', distPath: dist, version, line: `running in Electron ${version}` };
}

/** Why Electron's binary could not be fetched; the words do not matter where it could. */
async function download() {
  const version = wantedVersion();
  const failure = statSync(failureFile, { throwIfNoEntry: false });
  if (failure !== undefined && Date.now() - failure.mtimeMs < retryAfterMs && readText(failureFile) === version) {
    return `its binary could not be fetched lately; delete ${failureFile} to try again`;
  }
  say(`fetching Electron ${version}`);
  try {
    await promisify(execFile)(node24, [inProject('node_modules', 'electron', 'install.js')], {
      timeout: downloadLimitMs,
      killSignal: 'SIGKILL',
    });
    return '';
  } catch (error) {
    writeFileSync(failureFile, version);
    return `its binary could not be fetched (${reasonOf(error)})`;
  }
}

/** @param {string} reason @returns {ElectronChoice} */
function chooseStandin(reason) {
  const version = readText(join(standin, 'version'));
  if (process.platform !== 'linux') {
    throw new SetupError(
      `Electron ${wantedVersion()} can't run: ${reason}`,
      'let this machine reach github.com, or set ELECTRON_MIRROR, then try again; the stand-in for Electron runs on Linux only',
    );
  }
  if (!hasChromium()) {
    throw new SetupError(
      `Electron ${wantedVersion()} can't run: ${reason}; its stand-in needs Chromium, which is not installed`,
      'let this machine reach github.com, or install Chromium: apt-get install --no-install-recommends chromium',
    );
  }
  const line = `running in the stand-in for Electron (${version}), since ${reason}`;
  return { kind: 'standin', distPath: standin, version, line };
}

function hasChromium() {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  return folders.some((folder) => names.some((name) => existsSync(join(folder, name))));
}

function wantedVersion() {
  const text = readText(inProject('node_modules', 'electron', 'package.json'));
  return text === '' ? 'unknown' : /** @type {{ version: string }} */ (JSON.parse(text)).version;
}

/** The one line of the installer's words that says why. @param {unknown} error */
function reasonOf(error) {
  const {
    killed,
    stderr = '',
    message,
  } = /** @type {{ killed?: boolean, stderr?: string, message: string }} */ (error);
  if (killed === true) return `not done within ${downloadLimitMs / 1000} s`;
  const cause = /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EACCES|ENOSPC)\b[^\n]*/.exec(stderr)?.[0];
  return (cause ?? stderr.split('\n').find((line) => line.includes('Error')) ?? message).trim().slice(0, 120);
}

/** Empty where there is no such file. @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
