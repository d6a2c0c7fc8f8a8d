import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Chromium's program on PATH. @throws an error that says what to install */
export function locateChromium(environment: NodeJS.ProcessEnv): string {
  const folders = (environment['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  for (const name of names) {
    const found = folders.map((folder) => path.join(folder, name)).find(isExecutable);
    if (found !== undefined) return found;
  }
  throw new Error(
    `the stand-in for Electron draws its windows with Chromium, and none is on PATH (${names.join(', ')}). ` +
      'Install it: apt-get install chromium',
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
