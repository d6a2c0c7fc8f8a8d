import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { guarded } from '../runtime/unimplemented.ts';
import { runProgram } from './run.ts';

/** What xdg-open's exit codes mean (its manual page); 127: it is not installed. */
const reasons: Readonly<Record<number, string>> = {
  2: 'the file does not exist',
  3: 'no program to open it was found',
  4: 'the program that opens it failed',
  127: 'xdg-open is not installed (apt-get install xdg-utils)',
};

async function open(target: string): Promise<string> {
  const { code } = await runProgram('xdg-open', [target]);
  return code === 0 ? '' : (reasons[code] ?? `xdg-open ended with exit code ${code}`);
}

/** Electron's `shell`, through the desktop's xdg-open. */
export const shell = guarded('shell', {
  openExternal: async (url: string): Promise<void> => {
    const reason = await open(new URL(url).href);
    if (reason !== '') throw new Error(`Failed to open: ${reason}`);
  },
  openPath: async (file: string): Promise<string> => (existsSync(file) ? open(file) : 'Failed to open path'),
  showItemInFolder: (file: string): void => void open(pathToFileURL(path.dirname(file)).href),
});
