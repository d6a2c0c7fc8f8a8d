import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { printJson, type Context } from '../context.ts';
import { CliFailure, type ExitCode } from '../failure.ts';
import { runOperation } from '../operation.ts';
import { projectById } from '../project-folder.ts';
import { askYes } from '../question.ts';
import { renderHistory, renderPreview } from '../render/sync.ts';
import { escapeText } from '../text/escape.ts';
import { UsageError } from '../words/parse.ts';
import { usageOf } from '../words/table.ts';
import { registeredProject } from './consent.ts';

const neverReached = (): boolean => false;

/** `tazpod history` */
export async function runHistory(context: Context): Promise<ExitCode> {
  const { io, link, flags } = context;
  await link.open('settled');
  const { id, name } = await registeredProject(context);
  const command = { type: 'listHistory', projectId: id } as const;
  await runOperation(context, command, `Listing the versions of ${escapeText(name)}`, neverReached);
  const { history } = projectById(link.snapshot, id).sync;
  if (flags.json) printJson(io, history);
  else io.out.write(renderHistory(history, io.nowMs(), io.out.columns()));
  return 0;
}

/** `tazpod restore NAME`: shows what it holds where the key is here, asks, and puts it in the vault's place. */
export async function runRestore(context: Context): Promise<ExitCode> {
  const { io, link, flags, invocation } = context;
  const [version, folder = '.'] = invocation.operands;
  if (version === undefined) {
    throw new UsageError('Name a version; "tazpod history" lists them.', usageOf('restore'));
  }
  await link.open('settled');
  const project = await registeredProject(context, folder);
  const { id, name } = project;
  if (!flags.yes) {
    await showPreview(context, project, version);
    const isWanted = await askYes(
      context,
      `Put ${escapeText(version)} in the place of the vault of ${escapeText(name)}?`,
    );
    if (isWanted !== true) {
      const nextStep = isWanted === null ? 'Answer beforehand: "tazpod restore NAME --yes".' : 'It stays as it is.';
      throw new CliFailure({ code: 'cancelled', message: 'Nothing was restored.', nextStep }, 3);
    }
  }
  const command = { type: 'restoreVersion', projectId: id, name: version } as const;
  await runOperation(context, command, `Restoring ${escapeText(version)}`, neverReached);
  const after = projectById(link.snapshot, id);
  if (flags.json) printJson(io, after.sync);
  else io.out.write(`${escapeText(after.activity.findLast(({ kind }) => kind === 'restore-version')?.text ?? '')}\n`);
  return 0;
}

/** Names and sizes, never contents. Without a key the choice goes by the name of the version. */
async function showPreview(context: Context, { id }: ProjectState, version: string): Promise<void> {
  const { io, link } = context;
  const command = { type: 'previewVersion', projectId: id, name: version } as const;
  try {
    await runOperation(context, command, `Looking into ${escapeText(version)}`, neverReached);
  } catch (error) {
    if (!(error instanceof CliFailure) || error.failure.code !== 'passphrase-needed') throw error;
    io.err.write('What it holds can be shown while the vault is unlocked with the same passphrase.\n');
    return;
  }
  const { preview } = projectById(link.snapshot, id).sync;
  if (preview?.name === version) io.err.write(renderPreview(preview, io.err.columns()));
}
