import { app } from 'electron';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { reasonOf } from '../engine/failure.ts';
import { hiddenFlag, toDesktopEntry } from './desktop-entry.ts';

/** Starts the app with the login, or no longer. Linux has a file for it, the others ask the system. */
export function setAutostart(enabled: boolean, log: (line: string) => void): void {
  try {
    if (process.platform !== 'linux') {
      app.setLoginItemSettings({ openAtLogin: enabled, args: [hiddenFlag] });
      return;
    }
    const folder = path.join(process.env['XDG_CONFIG_HOME'] ?? path.join(homedir(), '.config'), 'autostart');
    const file = path.join(folder, 'tazpod-desktop.desktop');
    if (!enabled) {
      rmSync(file, { force: true });
      return;
    }
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, toDesktopEntry(process.execPath, app.isPackaged ? [] : [app.getAppPath()]));
  } catch (error) {
    log(`autostart: ${reasonOf(error)}`);
  }
}
