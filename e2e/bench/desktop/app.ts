import { launchApp, type TazpodApp } from '../../app/tazpod-app.ts';
import { startDesktop, type TestDesktop } from '../../fixtures/desktop.ts';
import type { HostSurroundings } from '../../../main/host/surroundings.ts';
import { connectTo, follow } from '../world/agent-process.ts';
import type { Bench } from '../world/bench.ts';
import { waitForSnapshot, type CommandTarget } from '../world/operation.ts';

/** The built app in a window, with an installation of the bench's own, and its host as the command line sees it. */
export interface BenchApp extends TazpodApp {
  readonly target: CommandTarget;
  readonly processId: number;
}

/** A desktop with a tray, ended with the bench. */
export async function openDesktop(bench: Bench): Promise<TestDesktop> {
  const desktop = await startDesktop();
  bench.atEnd(async () => desktop.close());
  return desktop;
}

/** Starts the app and waits for the engine. */
export async function openApp(bench: Bench, desktop: TestDesktop, surroundings: HostSurroundings): Promise<BenchApp> {
  const app = await launchApp(desktop, { environment: toEnvironment(surroundings) }, { traced: false });
  bench.atEnd(async () => app.close());
  const client = await connectTo(surroundings);
  if (client === null) throw new Error('the app is no host');
  const target = await follow(client);
  await waitForSnapshot(target, (snapshot) => snapshot.engine.status === 'ready', 'the app to have the engine');
  return { ...app, target, processId: app.electron.process().pid ?? 0 };
}

export function toEnvironment({ environment }: HostSurroundings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
