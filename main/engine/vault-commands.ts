import { randomUUID } from 'node:crypto';
import type { Command } from '../../preload/contract/commands.ts';
import { assertNever } from './assert-never.ts';
import { projectCore, type Core } from './core.ts';
import { failWith } from './failure.ts';
import { lockVault } from './operations/lock-vault.ts';
import type { OperationRequest, OperationWork } from './operations/queue.ts';
import { changeRemembering, forgetPassphrase, unlockRemembering } from './operations/remember-passphrase.ts';
import { inspectVault, saveVault } from './operations/save-vault.ts';

export type VaultCommand = Extract<
  Command,
  {
    type:
      'unlockVault' | 'lockVault' | 'saveVault' | 'changeVaultPassphrase' | 'forgetVaultPassphrase' | 'inspectVault';
  }
>;

/**
 * Where the vault's intents go. A passphrase becomes bytes here, which are wiped when the operation is over.
 * @returns the id of the operation that was queued; null where the command is done already
 */
export async function executeVaultCommand(core: Core, command: VaultCommand): Promise<string | null> {
  const { projectId } = command;
  const { folder } = projectCore(core, projectId);
  switch (command.type) {
    case 'unlockVault': {
      const { passphrase: text, create = false, remember = false } = command;
      const { remembered } = projectCore(core, projectId).vault;
      if (text === undefined && (create || !remembered)) throw failWith('passphrase-needed', { folder });
      const typed = text === undefined ? null : Buffer.from(text, 'utf8');
      return queueWithBytes(core, projectId, 'unlock-vault', typed === null ? [] : [typed], async (work) =>
        unlockRemembering(core, projectId, work, { typed, create, remember }),
      );
    }
    case 'changeVaultPassphrase': {
      const passphrase = Buffer.from(command.passphrase, 'utf8');
      const newPassphrase = Buffer.from(command.newPassphrase, 'utf8');
      return queueWithBytes(core, projectId, 'change-passphrase', [passphrase, newPassphrase], async (work) =>
        changeRemembering(core, projectId, work, { passphrase, newPassphrase }),
      );
    }
    case 'lockVault': {
      const { endHolders = false, force = false } = command;
      return queue(core, projectId, 'lock-vault', `${endHolders} ${force}`, async (work) =>
        lockVault(core, projectId, work, { endHolders, force }),
      );
    }
    case 'saveVault': {
      const { confirm: allowShrink = false } = command;
      return queue(core, projectId, 'save-vault', String(allowShrink), async (work) =>
        saveVault(core, projectId, work, { allowShrink }),
      );
    }
    case 'inspectVault':
      await inspectVault(core, projectId);
      return null;
    case 'forgetVaultPassphrase':
      await forgetPassphrase(core, projectId);
      return null;
    default:
      return assertNever(command);
  }
}

type Run = (work: OperationWork) => Promise<string>;

function queue(core: Core, projectId: string, kind: OperationRequest['kind'], choice: string, run: Run): string {
  return core.queue.add({ projectId, kind, subject: projectCore(core, projectId).name, choice, run });
}

/** Two passphrases are never the same request, and each is wiped however its operation ends. */
function queueWithBytes(
  core: Core,
  projectId: string,
  kind: OperationRequest['kind'],
  bytes: readonly Uint8Array[],
  run: Run,
): string {
  const wipe = (): void => {
    for (const one of bytes) one.fill(0);
  };
  try {
    return queue(core, projectId, kind, randomUUID(), async (work) => run(work).finally(wipe));
  } catch (error) {
    wipe();
    throw error;
  }
}
