import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { prepareStateFolder } from './runtime-folder.ts';
import type { HostSurroundings } from './surroundings.ts';
import { toStateFolder } from './paths.ts';

/** For tests: a temporary home with state and runtime folders of its own, removed when the test has ended. */
export interface TestPlace {
  readonly folder: string;
  readonly surroundings: HostSurroundings;
  /** Canonical, and there. */
  readonly stateFolder: string;
}

export async function makeTestPlace(): Promise<TestPlace> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'tazpod-host-'));
  // An agent that ends may still write the last lines of its log.
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }));
  const surroundings: HostSurroundings = {
    platform: process.platform,
    environment: { PATH: process.env['PATH'], HOME: folder, XDG_RUNTIME_DIR: folder },
    userId: process.getuid?.() ?? -1,
    homeFolder: folder,
    temporaryFolder: os.tmpdir(),
  };
  const stateFolder = await prepareStateFolder(toStateFolder(surroundings));
  if (!stateFolder.ok) throw new Error(stateFolder.failure.message);
  return { folder, surroundings, stateFolder: stateFolder.value };
}

/** Waits until a check passes: generous, since the cores may be busy with other tests. */
export async function eventually(check: () => void | Promise<void>): Promise<void> {
  await vi.waitFor(check, { timeout: 20_000, interval: 20 });
}
