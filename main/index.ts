import { app } from 'electron';
import path from 'node:path';
import { registerAppScheme } from './desktop/app-scheme.ts';
import { lockDownContents } from './desktop/lock-down.ts';
import { reasonOf, TazpodError } from './engine/failure.ts';
import { createHostLog } from './host/log.ts';
import { toStateFolder } from './host/paths.ts';
import { prepareStateFolder } from './host/runtime-folder.ts';
import { readSurroundings } from './host/surroundings.ts';

/**
 * Entry of the app: what has to be settled before Chromium starts, and nothing else, since Electron becomes ready only after
 * this module has been read to its end. All the rest is put together in compose-app.ts, which is read meanwhile.
 */
const surroundings = readSurroundings();
const stateFolder = await prepareStateFolder(toStateFolder(surroundings));
if (!stateFolder.ok) {
  process.stderr.write(`${stateFolder.failure.message}\n${stateFolder.failure.nextStep}\n`);
  app.exit(1);
  throw new TazpodError(stateFolder.failure);
}
// One installation, one profile: a state folder of its own is a window profile of its own too.
app.setPath('userData', path.join(stateFolder.value, 'window'));
const log = createHostLog({ stateFolder: stateFolder.value, nowMs: Date.now });

if (app.requestSingleInstanceLock()) {
  registerAppScheme();
  lockDownContents((line) => log.write(line));
  // Chromium holds back a page's tasks for some frames after a key: a terminal's answer to it is such a task (25 ms, 10 without).
  app.commandLine.appendSwitch('disable-features', 'DeferRendererTasksAfterInput');
  // Chromium's own start goes first.
  setImmediate(() => void startRest(stateFolder.value));
} else {
  // The first one shows its window; there is nothing to do here.
  app.exit(0);
}

async function startRest(folder: string): Promise<void> {
  try {
    const { composeApp } = await import('./compose-app.ts');
    composeApp({ surroundings, stateFolder: folder, log, mainFolder: import.meta.dirname });
  } catch (error) {
    log.write(`the app could not be put together: ${reasonOf(error)}`);
    process.stderr.write(`TazPod can’t start: ${reasonOf(error)}\nInstall it again, or run npm start anew.\n`);
    app.exit(1);
  }
}
