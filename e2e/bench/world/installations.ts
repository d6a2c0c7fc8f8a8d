import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** An installation below the bench's folder, as its own files tell of it. */
export interface Installation {
  readonly installId: string;
  /** Of the host process that ran last; null where none did. It may have ended. */
  readonly processId: number | null;
}

/** What is read from disk holds whatever went wrong before: an agent that the command line started is no child of ours. */
export async function readInstallations(root: string): Promise<readonly Installation[]> {
  const found = await Promise.all(
    (await readdir(root)).map(async (name) => {
      const installId = await readField(path.join(root, name, 'state.json'), 'installId');
      const processId = await readField(path.join(root, name, 'host.json'), 'processId');
      if (typeof installId !== 'string') return null;
      return { installId, processId: typeof processId === 'number' ? processId : null };
    }),
  );
  return found.filter((one) => one !== null);
}

async function readField(file: string, key: string): Promise<unknown> {
  try {
    return (JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>)[key];
  } catch {
    // Not there: no installation, or no host yet.
    return undefined;
  }
}

/** Asks a host process for its orderly end and waits for it; one that is no longer ours by its environment is left alone. */
export async function endHost(processId: number, root: string): Promise<void> {
  if (!(await isBelow(processId, root))) return;
  process.kill(processId, 'SIGTERM');
  const graceMs = 15_000;
  const lookAgainMs = 20;
  const deadline = performance.now() + graceMs;
  while (await isBelow(processId, root)) {
    if (performance.now() > deadline) {
      process.kill(processId, 'SIGKILL');
      return;
    }
    await delay(lookAgainMs);
  }
}

/** Whether this process runs with a state folder of ours: numbers of processes are used again. */
async function isBelow(processId: number, root: string): Promise<boolean> {
  try {
    const environment = await readFile(`/proc/${processId}/environ`, 'utf8');
    return environment.split('\0').some((one) => one.startsWith(`TAZPOD_STATE_DIR=${root}${path.sep}`));
  } catch {
    return false;
  }
}
