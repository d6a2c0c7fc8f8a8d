import type { Core } from '../core.ts';
import { projectCore } from '../core.ts';
import { failWith, reasonOf } from '../failure.ts';
import { noPassphraseKeeper, type PassphraseKeeper } from '../passphrase-keeper.ts';
import { showVault } from '../vaults/show.ts';
import { changeVaultPassphrase, type PassphraseChange } from './change-passphrase.ts';
import type { OperationWork } from './queue.ts';
import { unlockVault } from './unlock-vault.ts';

export interface RememberingUnlock {
  /** UTF-8 bytes as typed, which the caller wipes; null for the one that is kept on this device. */
  readonly typed: Uint8Array | null;
  readonly create: boolean;
  readonly remember: boolean;
}

const keeperOf = (core: Pick<Core, 'ports'>): PassphraseKeeper => core.ports.passphraseKeeper ?? noPassphraseKeeper;

/** Unlocks with the typed passphrase or the kept one. @throws remember-refused, passphrase-needed, and as `unlockVault` */
export async function unlockRemembering(
  core: Core,
  projectId: string,
  work: OperationWork,
  { typed, create, remember }: RememberingUnlock,
): Promise<string> {
  const keeper = keeperOf(core);
  const reason = remember ? await keeper.refusal() : null;
  if (reason !== null) throw failWith('remember-refused', { reason });
  const kept = typed === null ? await keeper.load(projectId) : null;
  const passphrase = typed ?? kept;
  if (passphrase === null) throw failWith('passphrase-needed', { folder: projectCore(core, projectId).folder });
  try {
    const text = await unlockVault(core, projectId, work, { passphrase, create });
    if (remember) await keep(core, projectId, work, passphrase);
    return text;
  } finally {
    kept?.fill(0);
  }
}

/** Changes the passphrase, and the kept one with it. @throws as `changeVaultPassphrase` */
export async function changeRemembering(
  core: Core,
  projectId: string,
  work: OperationWork,
  change: PassphraseChange,
): Promise<string> {
  const text = await changeVaultPassphrase(core, projectId, work, change);
  if (await keeperOf(core).has(projectId)) await keep(core, projectId, work, change.newPassphrase);
  return text;
}

/** That it can't be kept is no reason to call what was asked for failed; an old one must not stay. */
async function keep(core: Core, projectId: string, work: OperationWork, passphrase: Uint8Array): Promise<void> {
  try {
    await keeperOf(core).keep(projectId, passphrase);
    showVault(core, projectId, { remembered: true });
  } catch (error) {
    const { message } = failWith('remember-refused', { reason: reasonOf(error) }).failure;
    work.notice(message);
    await forgetPassphrase(core, projectId);
  }
}

/** Removes what this device keeps of a project's passphrase. */
export async function forgetPassphrase(core: Core, projectId: string): Promise<void> {
  await keeperOf(core).forget(projectId);
  showVault(core, projectId, { remembered: false });
}

/** Shows which passphrases are kept on this device, or why none can be. */
export async function showRemembered(core: Core, projectIds?: readonly string[]): Promise<void> {
  const keeper = keeperOf(core);
  const rememberRefusal = await keeper.refusal();
  const ids = projectIds ?? [...core.store.state().projects.keys()];
  for (const id of ids) showVault(core, id, { rememberRefusal, remembered: await keeper.has(id) });
}
