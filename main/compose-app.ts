import { app, safeStorage } from 'electron';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { Desktop } from './desktop/app.ts';
import { hiddenFlag } from './desktop/desktop-entry.ts';
import { createPassphraseKeeper } from './desktop/passphrase-keeper.ts';
import { findTrayHost } from './desktop/tray/tray-host.ts';
import { createEngine } from './engine/create-engine.ts';
import { failWith, TazpodError } from './engine/failure.ts';
import { startHost, type Host } from './host/host.ts';
import type { HostLog } from './host/log.ts';
import type { HostSurroundings } from './host/surroundings.ts';
import { appVersion } from './host/version.ts';
import { outsideArchive } from './outside-archive.ts';

export interface AppParts {
  readonly surroundings: HostSurroundings;
  /** Canonical, and this user's alone. */
  readonly stateFolder: string;
  readonly log: HostLog;
  /** Folder of the built entry, out/main: what else was built lies beside it. */
  readonly mainFolder: string;
}

/**
 * Composition root of the app: the engine core and its host as in the agent, and the desktop around them. Read from here
 * down to see how everything is put together.
 */
export function composeApp(parts: AppParts): void {
  const host = becomeHost(parts);
  // Awaited by the desktop, which says what is wrong.
  host.catch(() => undefined);
  void app.whenReady().then(() => openDesktop(parts, host));
}

function openDesktop({ surroundings, mainFolder, log }: AppParts, host: Promise<Host>): void {
  const write = (line: string): void => log.write(line);
  const desktop = new Desktop({
    rendererFolder: path.join(mainFolder, '..', 'renderer'),
    preloadFile: path.join(mainFolder, '..', 'preload', 'index.cjs'),
    iconFolder: path.join(mainFolder, '..', '..', 'build', 'icons'),
    version: appVersion,
    host,
    hasTrayHost: async () => findTrayHost(write),
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

async function becomeHost({ surroundings, stateFolder, mainFolder, log }: AppParts): Promise<Host> {
  const write = (line: string): void => log.write(line);
  const outcome = await startHost({
    surroundings,
    takeOver: true,
    createEngine,
    ports: {
      kind: 'app',
      version: appVersion,
      stateFolder,
      homeFolder: await realpath(surroundings.homeFolder),
      environment: surroundings.environment,
      baseImageFolder: outsideArchive(path.join(mainFolder, '..', '..', 'build', 'image')),
      nowMs: Date.now,
      log: write,
      passphraseKeeper: createPassphraseKeeper({
        storage: safeStorage,
        ready: app.whenReady(),
        platform: process.platform,
        folder: path.join(stateFolder, 'passphrases'),
        log: write,
      }),
    },
  });
  if (!outcome.ok) throw new TazpodError(outcome.failure);
  if (outcome.value.taken) {
    throw failWith('host-start-failed', {
      reason: 'another app is the host already',
      logFile: path.join(stateFolder, 'host.log'),
    });
  }
  return outcome.value.host;
}
