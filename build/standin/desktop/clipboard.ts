import { guarded } from '../runtime/unimplemented.ts';
import { getWindowHost } from '../window/host.ts';

/** Electron's `clipboard`, text only. */
export const clipboard = guarded('clipboard', {
  readText: async (): Promise<string> => getWindowHost('clipboard').clipboard.readText(),
  writeText: async (text: string): Promise<void> => {
    getWindowHost('clipboard').clipboard.writeText(text);
    return Promise.resolve();
  },
});
