import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import type { Context } from '../context.ts';
import { CliFailure, renderFailure } from '../failure.ts';
import { canAsk } from '../io.ts';
import { askYes } from '../question.ts';
import { projectById } from '../project-folder.ts';
import { styleFor } from '../text/style.ts';
import { createByQuestion, unlockByQuestion } from './unlock.ts';

/**
 * The vault's step of the guided entry: a vault that is there is offered to be unlocked; where there is none, one is
 * offered to be made once per container, unless a remote may have one. Each can be skipped, and no failure of it keeps the shell from opening.
 * @param isFresh the container was brought up by this entry
 */
export async function offerVault(context: Context, projectId: string, isFresh: boolean): Promise<void> {
  const { io, link } = context;
  if (!canAsk(io)) return;
  try {
    await offer(context, projectById(link.snapshot, projectId), isFresh);
  } catch (error) {
    if (!(error instanceof CliFailure) || error.failure.code === 'host-lost') throw error;
    io.err.write(renderFailure(error.failure, styleFor(io.err.isTty, io.environment), false));
    io.err.write('The shell opens without the vault.\n');
  }
}

async function offer(context: Context, project: ProjectState, isFresh: boolean): Promise<void> {
  const { status } = project.vault;
  if (status === 'locked' || status === 'mounted') {
    const question = 'Passphrase of the vault, Enter to go on without it: ';
    const isOpen = await unlockByQuestion(context, project, { question, maySkip: true, remember: false });
    if (isOpen) context.io.err.write('The vault is unlocked: /home/tazpod/secrets.\n');
    return;
  }
  if (status !== 'absent' || !isFresh || project.sync.remote !== null) return;
  const isWanted = await askYes(context, 'This folder has no vault for keys and the like yet. Make one?');
  if (isWanted === true) await createByQuestion(context, project, false);
}
