import { containersOf, projectCore, type Core } from '../core.ts';
import type { DockerClient } from '../docker/client.ts';
import { failWith, failureOf } from '../failure.ts';
import type { OperationWork } from '../operations/queue.ts';
import { settle, isRunning } from '../operations/settle.ts';
import type { ObservedContainer } from '../state/core-state.ts';
import { toRoom } from './room.ts';
import { saveOpenVault } from './save.ts';
import { memoryOf, showingFailure, showVault } from './show.ts';

/** Whether a person decided to lose what can't be saved. */
export interface EndChoice {
  readonly force: boolean;
}

type Work = Pick<OperationWork, 'step' | 'notice'>;

/**
 * Saves the vault of a container that is about to be ended, and proves that there is none that this process can't save.
 * Without a vault file it costs nothing.
 * @throws vault-key-missing where it is open and its key is not here, and as a save; with `force` it never throws of these
 */
export async function saveBeforeEnd(
  core: Core,
  projectId: string,
  container: ObservedContainer,
  work: Work,
  { force }: EndChoice,
): Promise<void> {
  if (!isUp(core, container)) return;
  const memory = memoryOf(core, projectId);
  if (memory.open === null && projectCore(core, projectId).vault.status === 'absent') return;
  await memory.turns.take(async () => {
    try {
      const client = await core.connection.client();
      await unpause(core, client, container);
      if (memory.open?.containerId === container.id) {
        work.step('packing-vault');
        await showingFailure(core, projectId, async () => saveHere(core, projectId, client, container));
      } else await assertNotMounted(core, projectId, client, container);
    } catch (error) {
      const { code, message } = failureOf(error);
      // What is lost already keeps nobody.
      if (code === 'vault-lost') return;
      if (!force) {
        work.notice(
          'The container was left running, since its vault could not be saved. --force gives up what is unsaved.',
        );
        throw error;
      }
      work.notice(`The container is ended without saving its vault: ${message}`);
    }
  });
}

async function saveHere(
  core: Core,
  projectId: string,
  client: DockerClient,
  container: ObservedContainer,
): Promise<void> {
  const memory = memoryOf(core, projectId);
  if (memory.open === null) return;
  const room = toRoom(core, projectId, client, container);
  await saveOpenVault(core, projectId, { memory, open: memory.open, room }, { allowShrink: false });
}

const statusOf = (core: Core, { id }: ObservedContainer): ObservedContainer['status'] | undefined =>
  core.store.state().containers.get(id)?.status;

const isUp = (core: Core, container: ObservedContainer): boolean =>
  statusOf(core, container) === 'running' || statusOf(core, container) === 'paused';

/** A paused container answers nothing; whoever ends it lets it run first anyway. */
async function unpause(core: Core, client: DockerClient, container: ObservedContainer): Promise<void> {
  if (statusOf(core, container) !== 'paused') return;
  await client.getContainer(container.id).unpause();
  await settle(core, container.id, isRunning);
}

/** Somebody else may have opened it: another tool, or a host process that was killed. */
async function assertNotMounted(
  core: Core,
  projectId: string,
  client: DockerClient,
  container: ObservedContainer,
): Promise<void> {
  const memory = memoryOf(core, projectId);
  if (memory.isEmptied || !(await toRoom(core, projectId, client, container).session.isOpen())) return;
  if (containersOf(core, projectId)[0]?.id === container.id) showVault(core, projectId, { status: 'mounted' });
  throw failWith('vault-key-missing', { folder: projectCore(core, projectId).folder });
}

/** Ends the container; that its vault goes with it is no loss then. */
export async function endingVault<Value>(core: Core, projectId: string, end: () => Promise<Value>): Promise<Value> {
  const memory = memoryOf(core, projectId);
  memory.isEnding = true;
  try {
    return await end();
  } finally {
    memory.isEnding = false;
    // What the container's end did to the vault shows before the operation is over.
    await memory.turns.take(async () => Promise.resolve());
  }
}
