import { app, safeStorage } from 'electron';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { registerAppScheme } from './desktop/app-scheme.ts';
import { Desktop } from './desktop/app.ts';
import { hiddenFlag } from './desktop/desktop-entry.ts';
import { lockDownContents } from './desktop/lock-down.ts';
import { createPassphraseKeeper } from './desktop/passphrase-keeper.ts';
import { findTrayHost } from './desktop/tray/tray-host.ts';
import { createEngine } from './engine/create-engine.ts';
import { failWith, TazpodError } from './engine/failure.ts';
import { startHost, type Host } from './host/host.ts';
import { createHostLog } from './host/log.ts';
import { toStateFolder } from './host/paths.ts';
import { prepareStateFolder } from './host/runtime-folder.ts';
import { readSurroundings } from './host/surroundings.ts';
import { appVersion } from './host/version.ts';
import { outsideArchive } from './outside-archive.ts';

/**
 * Composition root of the app: the engine core and its host as in the agent, and the desktop around them. Read from here
 * down to see how everything is put together.
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
const write = (line: string): void => log.write(line);

if (app.requestSingleInstanceLock()) {
  registerAppScheme();
  lockDownContents(write);
  // Chromium holds back a page's tasks for some frames after a key: a terminal's answer to it is such a task (25 ms, 10 without).
  app.commandLine.appendSwitch('disable-features', 'DeferRendererTasksAfterInput');
  const host = becomeHost(stateFolder.value);
  // Awaited by the desktop, which says what is wrong.
  host.catch(() => undefined);
  // Not awaited here: Electron becomes ready only after this module has been read to its end.
  void app.whenReady().then(() => openDesktop(host));
} else {
  // The first one shows its window; there is nothing to do here.
  app.exit(0);
}

function openDesktop(host: Promise<Host>): void {
  const built = path.join(import.meta.dirname, '..');
  const desktop = new Desktop({
    rendererFolder: path.join(built, 'renderer'),
    preloadFile: path.join(built, 'preload', 'index.cjs'),
    iconFolder: path.join(built, '..', 'build', 'icons'),
    version: appVersion,
    host,
    hasTrayHost: findTrayHost(write),
    log: write,
    doctor: {
      logFile: log.file,
      environment: surroundings.environment,
      homeFolder: surroundings.homeFolder,
      version: appVersion,
    },
    startHidden: process.argv.includes(hiddenFlag),
  });
  app.on('second-instance', () => desktop.show());
  desktop.start();
}

async function becomeHost(folder: string): Promise<Host> {
  const outcome = await startHost({
    surroundings,
    takeOver: true,
    createEngine,
    ports: {
      kind: 'app',
      version: appVersion,
      stateFolder: folder,
      homeFolder: await realpath(surroundings.homeFolder),
      environment: surroundings.environment,
      baseImageFolder: outsideArchive(path.join(import.meta.dirname, '..', '..', 'build', 'image')),
      nowMs: Date.now,
      log: write,
      passphraseKeeper: createPassphraseKeeper({
        storage: safeStorage,
        ready: app.whenReady(),
        platform: process.platform,
        folder: path.join(folder, 'passphrases'),
        log: write,
      }),
    },
  });
  if (!outcome.ok) throw new TazpodError(outcome.failure);
  if (outcome.value.taken) {
    throw failWith('host-start-failed', {
      reason: 'another app is the host already',
      logFile: path.join(folder, 'host.log'),
    });
  }
  return outcome.value.host;
}
