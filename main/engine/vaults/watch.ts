import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { containersOf, projectCore, whenReady, type Core } from '../core.ts';
import { attempt } from '../projects.ts';
import { endVault, markLost } from './lost.ts';
import { readStart, toRoom } from './room.ts';
import { memoryOf, restingStatus, showVault } from './show.ts';

/**
 * Keeps what is shown of vaults true to their containers: one that ended without our doing has lost what was not saved,
 * and one that comes up under our eyes for the first time may hold a vault that somebody else opened.
 * @returns the way to stop
 */
export function watchVaults(core: Core): () => void {
  let before = core.store.state().snapshot;
  void attempt(core, 'vaults in containers', async () => {
    await whenReady(core);
    await checkMounts(core);
  });
  return core.store.subscribe((snapshot) => {
    const old = before;
    before = snapshot;
    if (old.engine.status === 'away' && snapshot.engine.status === 'ready') {
      void attempt(core, 'vaults in containers', async () => checkMounts(core));
    }
    if (snapshot.projects === old.projects) return;
    for (const [at, project] of snapshot.projects.entries()) {
      const was = old.projects[at];
      // Not up before: a vault that was handed over is asked for once the engine is heard, not given up for its silence.
      if (was !== project && isUp(was) && was?.container !== project.container) followContainer(core, project);
    }
  });
}

const isUp = (project: ProjectState | undefined): boolean =>
  project?.container.status === 'running' || project?.container.status === 'paused';

function followContainer(core: Core, project: ProjectState): void {
  const memory = memoryOf(core, project.id);
  const openIn = memory.open;
  if (openIn === null && project.vault.status !== 'mounted') return;
  const [newest] = containersOf(core, project.id);
  const container = openIn === null ? newest : core.store.state().containers.get(openIn.containerId);
  if (container?.status === 'running' || container?.status === 'paused') return;
  const isExpected = memory.isEnding || memory.isEmptied;
  // A save that is under way may have all it needs and goes on.
  void attempt(core, `vault of ${project.name}`, async () =>
    memory.turns.take(async () => {
      const isGone = core.store.state().projects.get(project.id) === undefined;
      if (isGone || memory.open?.startedAt !== openIn?.startedAt) return Promise.resolve();
      if (isExpected) endVault(core, project.id, memory);
      else markLost(core, project.id, memory);
      return Promise.resolve();
    }),
  );
}

/** Looks into the running containers of all projects that have a vault: one exec session each. */
async function checkMounts(core: Core): Promise<void> {
  const { projects } = core.store.state();
  const held = [...projects.values()].filter(({ vault }) => vault.status !== 'absent');
  await Promise.all(
    held.map(async ({ id, name }) => attempt(core, `vault of ${name}`, async () => checkMount(core, id))),
  );
}

/**
 * Asks the container whether a vault is open in it that this process did not open, or no longer is. One that is not up
 * is not asked.
 */
export async function checkMount(core: Core, projectId: string): Promise<void> {
  const memory = memoryOf(core, projectId);
  return memory.turns.take(async () => {
    const client = await core.connection.client();
    if (memory.open !== null) {
      const startedAt = await readStart(client, memory.open.containerId);
      if (memory.open !== null && startedAt !== memory.open.startedAt) markLost(core, projectId, memory);
      return;
    }
    const [container] = containersOf(core, projectId);
    if (container?.status !== 'running') return;
    const isOpen = await toRoom(core, projectId, client, container).session.isOpen();
    const { vault } = projectCore(core, projectId);
    const status = restingStatus(memory, { ...vault, status: isOpen && !memory.isEmptied ? 'mounted' : 'locked' });
    if (status !== vault.status) showVault(core, projectId, { status });
  });
}
