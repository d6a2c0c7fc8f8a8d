import type { Failure } from '../../../preload/contract/errors.ts';
import { projectCore, type Core } from '../core.ts';
import { failureOf } from '../failure.ts';
import { lockVault } from '../operations/lock-vault.ts';

/**
 * Saves and locks every vault whose key is here, and ends what has them open: nobody is there to be asked.
 * @param projectIds only these
 * @returns why vaults stayed unlocked, each as it shows in its project too
 */
export async function lockAll(core: Core, projectIds?: readonly string[]): Promise<readonly Failure[]> {
  const ids = core.vaults.unlocked().filter((id) => projectIds?.includes(id) ?? true);
  const failures = await Promise.all(ids.map(async (id) => lockOne(core, id)));
  return failures.filter((failure) => failure !== null);
}

/** Locks one vault and ends what has it open. @returns why it stayed unlocked; a failure asks for attention */
async function lockOne(core: Core, projectId: string): Promise<Failure | null> {
  const { name } = projectCore(core, projectId);
  const add = (outcome: 'notice' | 'failed', text: string, failure?: Failure): void => {
    const entry = { atMs: core.ports.nowMs(), kind: 'lock-vault', outcome, text } as const;
    core.store.dispatch({
      type: 'activityAdded',
      projectId,
      entry: failure === undefined ? entry : { ...entry, failure },
    });
  };
  const work = { step: () => undefined, notice: (text: string) => add('notice', text) };
  try {
    await lockVault(core, projectId, work, { endHolders: true, force: false });
    add('notice', 'Locked the vault.');
    return null;
  } catch (error) {
    const failure = failureOf(error);
    core.ports.log(`lock-vault ${name}: ${failure.message}`);
    add('failed', failure.message, failure);
    return failure;
  }
}
