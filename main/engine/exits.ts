import type { ProjectState, Snapshot } from '../../preload/contract/snapshot.ts';
import type { Core } from './core.ts';
import { toExited } from './operations/prove.ts';
import { attempt } from './projects.ts';

/** A container that ends this soon after its start, in milliseconds, did not come up at all. */
const earlyExitMs = 5_000;

/**
 * Tells in a project's activity when its container ended without our doing: stopped by another tool, killed, or its own
 * command exited. Returns the way to stop.
 */
export function watchExits(core: Core): () => void {
  let before = core.store.state().snapshot;
  return core.store.subscribe((snapshot) => {
    const old = before;
    before = snapshot;
    if (snapshot.projects === old.projects) return;
    for (const [at, project] of snapshot.projects.entries()) {
      // Most events touch one project of many, and none moves them.
      if (old.projects[at] !== project) void tellExit(core, old, project);
    }
  });
}

async function tellExit(core: Core, before: Snapshot, project: ProjectState): Promise<void> {
  const old = before.projects.find((one) => one.id === project.id);
  if (old === undefined || old === project || old.container.status !== 'running') return;
  const { container } = project;
  // An operation of ours tells of its own doings.
  if (container.status !== 'stopped' || project.operations.length > 0) return;
  const atMs = core.ports.nowMs();
  const startedAtMs = old.container.startedAtMs;
  const text = `The container ended with code ${container.exitCode ?? 'unknown'}, not by TazPod.`;
  // Above 128 a signal ended it: somebody stopped it, it did not fail.
  const signalled = container.exitCode !== null && container.exitCode > 128;
  const early = startedAtMs !== null && atMs - startedAtMs < earlyExitMs && !signalled;
  if (!early) {
    core.store.dispatch({
      type: 'activityAdded',
      projectId: project.id,
      entry: { atMs, kind: 'notice', outcome: 'notice', text },
    });
    return;
  }
  await attempt(core, 'early exit', async () => {
    const exited = await toExited(await core.connection.client(), container.id, container.image);
    if (exited === null) return;
    core.store.dispatch({
      type: 'activityAdded',
      projectId: project.id,
      entry: { atMs, kind: 'start', outcome: 'failed', text: exited.failure.message, failure: exited.failure },
    });
  });
}
