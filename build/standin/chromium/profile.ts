import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const prefix = 'electron-standin-';

/** What Chromium must not do in an app's window: draw its own title bar, ask to become the default browser, offer translations. */
const preferences = {
  browser: { custom_chrome_frame: false, check_default_browser: false },
  translate: { enabled: false },
  credentials_enable_service: false,
  profile: { password_manager_enabled: false, exit_type: 'Normal' },
};

/** A profile of its own for one run, private to this user. Profiles left by runs that were killed are removed first. */
export function createProfile(tempFolder: string): string {
  removeLeftovers(tempFolder);
  const folder = mkdtempSync(path.join(tempFolder, `${prefix}${process.pid}-`));
  mkdirSync(path.join(folder, 'Default'));
  writeFileSync(path.join(folder, 'Default', 'Preferences'), JSON.stringify(preferences));
  writeFileSync(path.join(folder, 'First Run'), '');
  return folder;
}

/** Chromium's last helper processes may still write into it; the next run takes what is left. */
export function removeProfile(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
  } catch {
    // Left for removeLeftovers.
  }
}

function removeLeftovers(tempFolder: string): void {
  for (const name of readdirSync(tempFolder)) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) removeProfile(path.join(tempFolder, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: alive, and someone else's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
