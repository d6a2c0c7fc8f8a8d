import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { runElectronBuilder } from './electron-builder.mjs';
import { withLock } from './lock.mjs';
import { inProject, projectRoot } from './project.mjs';
import { SetupError, say } from './say.mjs';
import { listSources, stampOf } from './stamp.mjs';

const architecture = process.arch === 'x64' ? '' : `-${process.arch}`;

/** The unpacked app of this machine, by electron-builder's own names for its systems. */
const folderNames = {
  linux: `linux${architecture}-unpacked`,
  darwin: `mac${architecture}`,
  win32: `win${architecture}-unpacked`,
};
const stampFile = inProject('dist', '.stamp');

/** Everything that goes into the package. */
const inputs = [
  'out/main',
  'out/preload',
  'out/renderer',
  'build/icons',
  'build/image',
  'build/launcher',
  'build/setup/package.mjs',
  'electron-builder.yml',
  'package.json',
  'package-lock.json',
];

/**
 * Packs the built app, unpacked, for the machine at hand into dist/, unless it is there and of these sources.
 * @param {import('./electron.mjs').ElectronChoice} runtime what is put into it
 * @returns {Promise<string>} the folder
 * @throws {SetupError} it can't be packed
 */
export async function ensurePacked(runtime) {
  const name = folderNames[/** @type {keyof typeof folderNames} */ (process.platform)];
  const folder = inProject('dist', name);
  const runtimeSources = runtime.kind === 'standin' ? ['build/standin'] : [];
  const stamp = `${runtime.kind} ${runtime.version} ${stampOf(listSources(projectRoot, [...inputs, ...runtimeSources]))}`;
  await withLock(inProject('out', '.pack.lock'), 'pack the app', async () => {
    if (existsSync(folder) && readStamp() === stamp) return;
    say('packing the app');
    rmSync(stampFile, { force: true });
    await pack(runtime);
    writeFileSync(stampFile, stamp);
  });
  return folder;
}

/** @param {import('./electron.mjs').ElectronChoice} runtime */
async function pack(runtime) {
  try {
    await runElectronBuilder({
      dir: true,
      publish: 'never',
      config: {
        extends: inProject('electron-builder.yml'),
        electronDist: runtime.distPath,
        // Fuses are bits in Electron's own binary.
        ...(runtime.kind === 'standin' ? { electronFuses: null } : {}),
      },
      projectDir: projectRoot,
    });
  } catch (error) {
    throw new SetupError(
      `the app could not be packed: ${error instanceof Error ? error.message : String(error)}`,
      'look at electron-builder.yml, and at the lines above',
    );
  }
}

function readStamp() {
  try {
    return readFileSync(stampFile, 'utf8');
  } catch {
    return '';
  }
}
