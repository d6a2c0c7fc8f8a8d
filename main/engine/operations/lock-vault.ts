import { projectCore, type Core } from '../core.ts';
import { failWith, failureOf } from '../failure.ts';
import type { OpenHolder, TmpfsSession } from '../vault/session/session.ts';
import { endVault } from '../vaults/lost.ts';
import type { VaultMemory } from '../vaults/memory.ts';
import { requireRoom } from '../vaults/room.ts';
import { saveOpenVault } from '../vaults/save.ts';
import { memoryOf, restingStatus, showingFailure, showVault } from '../vaults/show.ts';
import type { OperationWork } from './queue.ts';
import { requireOpen } from './save-vault.ts';

export interface LockChoice {
  /** End the processes that have the vault open. */
  readonly endHolders: boolean;
  /** Go on though what is unsaved gets lost. */
  readonly force: boolean;
}

/**
 * Saves, then takes the vault's files out of the container and wipes the key. Until they are out it stays unlocked.
 * @throws vault-key-missing, vault-held-open, vault-not-emptied, and as `saveOpenVault`
 */
export async function lockVault(
  core: Core,
  projectId: string,
  work: Pick<OperationWork, 'step' | 'notice'>,
  choice: LockChoice,
): Promise<string> {
  const memory = memoryOf(core, projectId);
  return memory.turns.take(async () => {
    const { vault } = projectCore(core, projectId);
    if (memory.open === null && vault.status !== 'mounted') return 'The vault is locked already.';
    return showingFailure(core, projectId, async () => {
      try {
        return await lock(core, projectId, work, memory, choice);
      } catch (error) {
        const { vault: now } = projectCore(core, projectId);
        if (now.status === 'locking')
          showVault(core, projectId, { status: restingStatus(memory, { ...now, status: vault.status }) });
        throw error;
      }
    });
  });
}

async function lock(
  core: Core,
  projectId: string,
  work: Pick<OperationWork, 'step' | 'notice'>,
  memory: VaultMemory,
  choice: LockChoice,
): Promise<string> {
  const { folder } = projectCore(core, projectId);
  const room = await requireRoom(core, projectId);
  if (memory.open === null && !memory.isEmptied && !choice.force) throw failWith('vault-key-missing', { folder });
  showVault(core, projectId, { status: 'locking' });
  const save = async (): Promise<void> => {
    if (memory.open === null) return;
    work.step('packing-vault');
    await saveOpenVault(core, projectId, await requireOpen(core, projectId), { allowShrink: false }).catch(
      (error: unknown) => {
        const failure = failureOf(error);
        if (!choice.force || failure.code === 'vault-lost') throw error;
        work.notice(`The vault is locked without saving it: ${failure.message}`);
      },
    );
  };
  // Saved before anybody is asked to end, who may write once more, and last of all right before the files go.
  const holders = await room.session.holders();
  if (holders.length > 0) {
    await save();
    await clearHolders(core, projectId, room.session, holders, choice);
  }
  await save();
  work.step('locking-vault');
  await room.session.close().catch((error: unknown) => {
    // Its files are gone by then: there is nothing left that a save could hold.
    memory.isEmptied = true;
    memory.forgetKey();
    showVault(core, projectId, { status: 'mounted' });
    throw error;
  });
  endVault(core, projectId, memory);
  return 'Locked the vault.';
}

/** Ends who has the vault open, or refuses to. @throws vault-held-open */
async function clearHolders(
  core: Core,
  projectId: string,
  session: TmpfsSession,
  holders: readonly OpenHolder[],
  { endHolders, force }: LockChoice,
): Promise<void> {
  const shown = holders.map(({ processId, name }) => ({ processId, name }));
  showVault(core, projectId, { holders: shown });
  if (!endHolders && !force) {
    throw failWith('vault-held-open', {
      holders: shown.map(({ processId, name }) => `${name} (process ${processId})`),
    });
  }
  await session.endHolders(holders);
}
