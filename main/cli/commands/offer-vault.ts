import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import type { SyncState } from '../../../preload/contract/sync.ts';
import type { Context } from '../context.ts';
import { CliFailure, renderFailure } from '../failure.ts';
import { canAsk } from '../io.ts';
import { askYes } from '../question.ts';
import { projectById } from '../project-folder.ts';
import { moment } from '../render/sync.ts';
import { escapeText } from '../text/escape.ts';
import { styleFor } from '../text/style.ts';
import { isLoginNeeded, logInByBrowser } from './login.ts';
import { lookAtRemote, pullVersion, toQuestionFailure } from './sync.ts';
import { createByQuestion, unlockByQuestion } from './unlock.ts';

/**
 * The vault's step of the guided entry: a vault that is there is offered to be unlocked; where there is none, the one that the
 * remote has is offered to be pulled and unlocked (after a login, where one is missing), else one to be made, once per container. Each can be skipped, and no failure
 * of it keeps the shell from opening.
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
  if (status === 'locked' || status === 'mounted') return offerUnlock(context, project);
  if (status !== 'absent') return;
  if (project.sync.remote !== null && (await offerPull(context, project, isFresh))) return;
  if (!isFresh) return;
  const isWanted = await askYes(context, 'This folder has no vault for keys and the like yet. Make one?');
  if (isWanted === true) await createByQuestion(context, project, false);
}

async function offerUnlock(context: Context, project: ProjectState): Promise<void> {
  const question = 'Passphrase of the vault, Enter to go on without it: ';
  const isOpen = await unlockByQuestion(context, project, { question, maySkip: true, remember: false });
  if (isOpen) context.io.err.write('The vault is unlocked: /home/tazpod/secrets.\n');
}

/**
 * @returns whether the remote has a vault, so that no other is to be made
 * @throws CliFailure where the remote can't be asked, or holds one that nobody has claimed yet
 */
async function offerPull(context: Context, project: ProjectState, isFresh: boolean): Promise<boolean> {
  const sync = await askRemote(context, project, isFresh);
  if (sync === null) return true;
  const { question, remote } = sync;
  if (question === null) return false;
  const shown = remote?.shown ?? '';
  if (question.kind !== 'offer-pull') throw new CliFailure(toQuestionFailure(question, project.folder, shown));
  const { etag, timeMs, machine } = question.theirs;
  const when = timeMs === null ? '' : ` of ${moment(timeMs)}`;
  const where = machine === null ? '' : ` by ${escapeText(machine)}`;
  const words = `There is no vault here, but one${when}${where} at ${escapeText(shown)}. Pull it?`;
  if ((await askYes(context, words)) !== true) return true;
  await pullVersion(context, project, etag);
  await offerUnlock(context, projectById(context.link.snapshot, project.id));
  return true;
}

/**
 * What the remote has; where a login is missing, it is offered first.
 * @returns null where that login is left out: nobody knows what the remote has
 */
async function askRemote(context: Context, project: ProjectState, isFresh: boolean): Promise<SyncState | null> {
  const { sync } = project;
  try {
    if (isFresh) return await lookAtRemote(context, project);
  } catch (error) {
    if (!isLoginNeeded(error)) throw error;
  }
  const { failure, remote } = projectById(context.link.snapshot, project.id).sync;
  if (failure?.code !== 'sync-login-needed') return sync;
  const words = `${escapeText(remote?.shown ?? '')} may have a vault, but needs an AWS SSO login first. Log in now?`;
  if ((await askYes(context, words)) !== true) return null;
  await logInByBrowser(context, project);
  return lookAtRemote(context, project);
}
