import type { ProjectState, SyncOperationKind } from '../../../preload/contract/snapshot.ts';
import type { SyncQuestion, SyncState } from '../../../preload/contract/sync.ts';
import { toFailure, type Failure } from '../../../preload/contract/errors.ts';
import { printJson, type Context } from '../context.ts';
import { CliFailure, type ExitCode } from '../failure.ts';
import { runOperation } from '../operation.ts';
import { folderOf, projectById, requireProject } from '../project-folder.ts';
import { askYes } from '../question.ts';
import { renderSync } from '../render/sync.ts';
import { escapeText } from '../text/escape.ts';
import { usageOf } from '../words/table.ts';
import { UsageError } from '../words/parse.ts';
import { registeredProject } from './consent.ts';

/** Prints the state as JSON, or how the last operation of a kind ended. */
export function report({ io, flags, link }: Context, id: string, kind: SyncOperationKind): ExitCode {
  const { sync, activity } = projectById(link.snapshot, id);
  if (flags.json) printJson(io, sync);
  else io.out.write(`${escapeText(activity.findLast((entry) => entry.kind === kind)?.text ?? 'Done.')}\n`);
  return 0;
}

/** An operation whose trace was lost is asked for again by whoever wanted it. */
const neverReached = (): boolean => false;

/** Asks the remote what it has. @throws CliFailure where it can't be asked */
export async function lookAtRemote(context: Context, { id, name }: ProjectState): Promise<SyncState> {
  const command = { type: 'lookAtRemote', projectId: id } as const;
  await runOperation(context, command, `Looking at the remote of ${escapeText(name)}`, neverReached);
  return projectById(context.link.snapshot, id).sync;
}

/** `tazpod push`: saves if unlocked, then pushes; `--mine` settles a conflict. */
export async function runPush(context: Context): Promise<ExitCode> {
  await context.link.open('settled');
  const project = await registeredProject(context);
  const { id, name } = project;
  const action = `Pushing the vault of ${escapeText(name)}`;
  if (context.flags.mine) {
    const { question } = await lookAtRemote(context, project);
    if (question?.kind === 'conflict') {
      const command = { type: 'keepOwnVault', projectId: id, etag: question.theirs.etag } as const;
      await runOperation(context, command, action, neverReached);
      return report(context, id, 'keep-own-vault');
    }
  }
  await runOperation(context, { type: 'syncNow', projectId: id }, action, neverReached);
  return report(context, id, 'sync');
}

/** `tazpod pull`: takes what is newer; `--theirs` settles a conflict. */
export async function runPull(context: Context): Promise<ExitCode> {
  await context.link.open('settled');
  const project = await registeredProject(context);
  const { id, folder } = project;
  const { question, remote } = await lookAtRemote(context, project);
  if (question === null) return report(context, id, 'look-at-remote');
  const isWanted = question.kind === 'offer-pull' || (question.kind === 'conflict' && context.flags.theirs);
  if (!isWanted) throw new CliFailure(toQuestionFailure(question, folder, remote?.shown ?? ''));
  await pullVersion(context, project, question.theirs.etag);
  return report(context, id, 'pull-vault');
}

/** Takes exactly the version that was shown. @throws CliFailure where the remote has another one by now */
export async function pullVersion(context: Context, { id, name }: ProjectState, etag: string): Promise<void> {
  const command = { type: 'pullVault', projectId: id, etag } as const;
  await runOperation(context, command, `Pulling the vault of ${escapeText(name)}`, neverReached);
}

/** Why nothing is pulled or pushed before a person has chosen, with the words to choose by. */
export function toQuestionFailure({ kind }: SyncQuestion, folder: string, remote: string): Failure {
  const codes = {
    conflict: 'sync-conflict',
    'offer-pull': 'sync-behind',
    'ask-adopt': 'sync-not-adopted',
    'other-vault': 'sync-other-vault',
  } as const;
  return toFailure(codes[kind], { folder, remote });
}

/** `tazpod sync [status | adopt] [FOLDER]`; a folder alone is its status. */
export async function runSync(context: Context): Promise<ExitCode> {
  const { io, link, flags, invocation } = context;
  const { operands } = invocation;
  const isNamed = operands[0] === 'status' || operands[0] === 'adopt';
  const [what = 'status', folder = '.'] = isNamed ? operands : ['status', ...operands];
  if (!isNamed && operands.length > 1) {
    throw new UsageError(`"tazpod sync" has no "${escapeText(operands[0] ?? '')}".`, usageOf('sync'));
  }
  await link.open('settled');
  if (what === 'adopt') {
    const { id, name } = await registeredProject(context, folder);
    const command = { type: 'adoptRemote', projectId: id } as const;
    await runOperation(context, command, `Syncing the vault of ${escapeText(name)}`, neverReached);
    return report(context, id, 'sync');
  }
  await link.client.execute({ type: 'refreshProjects' });
  const project = requireProject(link.snapshot, await folderOf(context, folder));
  if (flags.json) printJson(io, project.sync);
  else io.out.write(renderSync(project, io.nowMs(), context.style, flags.verbose));
  return 0;
}

/** `tazpod setup-storage`: asks, then makes the bucket or folder. */
export async function runSetupStorage(context: Context): Promise<ExitCode> {
  const { link, flags } = context;
  await link.open('settled');
  const { id, name, folder, sync } = await registeredProject(context);
  if (sync.remote === null) throw new CliFailure(toFailure('sync-no-remote', { folder }));
  if (!flags.yes) {
    const isWanted = await askYes(context, `Make the place for ${escapeText(sync.remote.shown)}?`);
    if (isWanted !== true) {
      const nextStep = isWanted === null ? 'Answer beforehand: "tazpod setup-storage --yes".' : 'It stays as it is.';
      throw new CliFailure({ code: 'cancelled', message: 'Nothing was made.', nextStep }, 3);
    }
  }
  const command = { type: 'setupStorage', projectId: id } as const;
  await runOperation(context, command, `Setting up storage for ${escapeText(name)}`, neverReached);
  return report(context, id, 'setup-storage');
}
