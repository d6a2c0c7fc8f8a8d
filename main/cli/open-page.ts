import { spawn } from 'node:child_process';

const openers: { readonly [Platform in NodeJS.Platform]?: readonly string[] } = {
  darwin: ['open'],
  // Not by way of a shell, which would read the address its own way.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** A browser that runs longer than this was started well: some openers stay as long as it does. */
const startedAfterMs = 2_000;

/** Opens an https page with the desktop's own browser. Never rejects. @returns whether one was started */
export async function openPage(page: string): Promise<boolean> {
  if (!page.startsWith('https://')) return false;
  const [command = 'xdg-open', ...args] = openers[process.platform] ?? [];
  return new Promise((resolve) => {
    const child = spawn(command, [...args, page], { stdio: 'ignore', detached: true });
    child.unref();
    const timer = setTimeout(() => resolve(true), startedAfterMs).unref();
    const end = (isOpen: boolean): void => {
      clearTimeout(timer);
      resolve(isOpen);
    };
    child.once('error', () => end(false));
    child.once('exit', (code) => end(code === 0));
  });
}
