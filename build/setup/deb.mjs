import { existsSync } from 'node:fs';
import { runElectronBuilder } from './electron-builder.mjs';
import { inProject, projectRoot } from './project.mjs';
import { SetupError } from './say.mjs';

/**
 * Makes the Debian package of a packed app: electron-builder's own, with its AppArmor profile, without which Ubuntu's
 * restriction of user namespaces stops Electron's sandbox. electron-builder fetches fpm for it.
 * @param {string} folder the packed app, as `ensurePacked` makes it
 * @param {string} [output] where it is put
 * @returns {Promise<string>} the .deb
 * @throws {SetupError} it can't be made
 */
export async function makeDeb(folder, output = inProject('dist')) {
  try {
    const made = await runElectronBuilder({
      linux: ['deb'],
      publish: 'never',
      prepackaged: folder,
      config: { extends: inProject('electron-builder.yml'), directories: { output } },
      projectDir: projectRoot,
    });
    const deb = made.find((file) => file.endsWith('.deb'));
    if (deb === undefined || !existsSync(deb)) throw new Error('electron-builder made none');
    return deb;
  } catch (error) {
    throw new SetupError(
      `the Debian package could not be made: ${error instanceof Error ? error.message : String(error)}`,
      'it needs fpm, which electron-builder downloads; CUSTOM_FPM_PATH names one that is there already',
    );
  }
}
