import type { Command } from '../../../preload/contract/commands.ts';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import type { Context } from '../context.ts';
import { CliFailure, cliFailure, renderFailure } from '../failure.ts';
import { runOperation } from '../operation.ts';
import { askNewPassphrase, askPassphrase } from '../passphrase.ts';
import { projectById } from '../project-folder.ts';
import { escapeText } from '../text/escape.ts';
import { styleFor } from '../text/style.ts';

type Unlock = Extract<Command, { type: 'unlockVault' }>;

/** Sends the command and waits until the vault is open. */
export async function unlockOnce(context: Context, project: ProjectState, more: Partial<Unlock>): Promise<void> {
  const command: Unlock = { type: 'unlockVault', projectId: project.id, ...more };
  const isOpen = (): boolean => projectById(context.link.snapshot, project.id).vault.status === 'unlocked';
  await runOperation(context, command, `Unlocking the vault of ${escapeText(project.name)}`, isOpen);
}

/** Makes a vault with a new passphrase, asked for twice. @throws CliFailure `passphrase-needed` where nobody can be asked */
export async function createByQuestion(context: Context, project: ProjectState, remember: boolean): Promise<void> {
  const passphrase = await askNewPassphrase(context);
  if (passphrase === null) throw cliFailure('passphrase-needed', { folder: project.folder });
  await unlockOnce(context, project, { passphrase, create: true, ...(remember ? { remember } : {}) });
}

/**
 * Unlocks with the passphrase that this device keeps, else asks for it, again while tries are left before a wait.
 * @param question what is asked
 * @param maySkip an empty line goes on without
 * @returns whether it is open
 * @throws CliFailure the last one where no try is left; `passphrase-needed` where nobody can be asked
 */
export async function unlockByQuestion(
  context: Context,
  project: ProjectState,
  { question, maySkip, remember }: { readonly question: string; readonly maySkip: boolean; readonly remember: boolean },
): Promise<boolean> {
  const { io, link } = context;
  const style = styleFor(io.err.isTty, io.environment);
  let isRemembered = project.vault.remembered;
  for (;;) {
    const passphrase = isRemembered ? null : await askPassphrase(context, question);
    if (passphrase === null && !isRemembered) throw cliFailure('passphrase-needed', { folder: project.folder });
    if (passphrase === '' && maySkip) return false;
    if (passphrase === '') continue;
    try {
      await unlockOnce(context, project, {
        ...(passphrase === null ? {} : { passphrase }),
        ...(remember ? { remember } : {}),
      });
      return true;
    } catch (error) {
      if (!(error instanceof CliFailure)) throw error;
      const { code } = error.failure;
      const isLast = projectById(link.snapshot, project.id).vault.triesLeft === 0;
      const isMended = code === 'vault-unreadable' || (isRemembered && code === 'passphrase-needed');
      if (!isMended || isLast) throw error;
      io.err.write(renderFailure(error.failure, style, false));
      isRemembered = false;
    }
  }
}
