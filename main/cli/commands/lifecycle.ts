import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { printJson, type Context } from '../context.ts';
import type { ExitCode } from '../failure.ts';
import { runOperation } from '../operation.ts';
import { findProject, folderOf, projectById, requireProject } from '../project-folder.ts';
import { escapeText } from '../text/escape.ts';
import { ensureTrusted } from '../trust-question.ts';
import { awaitSetup, endedSetups } from './setup.ts';
import { initByFlags, prepareProject, startTrusted } from './bring-up.ts';

/** Prints the project as JSON, or the sentences for a person. */
function report({ io, flags }: Context, project: ProjectState, sentences: readonly string[]): ExitCode {
  if (flags.json) printJson(io, project);
  else io.out.write(`${sentences.join('\n')}\n`);
  return 0;
}

const containerOf = ({ container }: ProjectState): string =>
  container.status === 'missing' ? 'no container' : `container ${escapeText(container.name)}`;

const idOf = ({ container }: ProjectState): string | null => (container.status === 'missing' ? null : container.id);

/** What a person should know about a container that runs. */
function notesOnRunning(project: ProjectState): string[] {
  const notes: string[] = [];
  if (project.config.status === 'valid') notes.push(...project.config.warnings.map(escapeText));
  if (project.drift.length > 0)
    notes.push('The config changed since the container was made: "tazpod rebuild" applies it.');
  if (project.network.tooLarge)
    notes.push('The MTU of its network is larger than the way out allows: "tazpod status" says more.');
  return notes;
}

/** `tazpod up` */
export async function runUp(context: Context): Promise<ExitCode> {
  const client = await context.link.open('ready');
  const { flags, io } = context;
  const before = await prepareProject(context, initByFlags(context));
  const { config } = before;
  if (flags.image !== null && config.status === 'valid' && config.image !== flags.image) {
    io.err.write(`Warning: the config is there already and names ${escapeText(config.image)}; --image was not used.\n`);
  }
  const wasRunning = before.container.status === 'running' && before.operations.length === 0;
  const after = await startTrusted(context, projectById(client.snapshot, before.id));
  await awaitSetup(context, before.id, endedSetups(before), `Setting up ${escapeText(before.name)}`);
  const name = escapeText(after.name);
  const sentence =
    wasRunning && idOf(before) === idOf(after)
      ? `${name} is running already (${containerOf(after)}).`
      : `Started ${name} (${containerOf(after)}).`;
  return report(context, after, [sentence, ...notesOnRunning(after)]);
}

/** The way past a vault that can't be saved. */
const forced = ({ flags }: Context): { readonly force?: true } => (flags.force ? { force: true } : {});

/** `tazpod down` */
export async function runDown(context: Context): Promise<ExitCode> {
  const { link } = context;
  await link.open('ready');
  const { id, name, container, operations } = requireProject(link.snapshot, await folderOf(context));
  const shown = escapeText(name);
  const isGone = (): boolean => projectById(link.snapshot, id).container.status === 'missing';
  if (container.status === 'missing' && operations.length === 0) {
    return report(context, projectById(link.snapshot, id), [`${shown} has no container; there is nothing to stop.`]);
  }
  const command = { type: 'stopProject', projectId: id, ...forced(context) } as const;
  await runOperation(context, command, `Stopping ${shown}`, isGone);
  return report(context, projectById(link.snapshot, id), [`Stopped and removed the container of ${shown}.`]);
}

/** `tazpod restart` */
export async function runRestart(context: Context): Promise<ExitCode> {
  const { link } = context;
  await link.open('ready');
  const { id, name } = requireProject(link.snapshot, await folderOf(context));
  const shown = escapeText(name);
  // Whether it ran before says nothing about a restart whose trace was lost.
  const command = { type: 'restartProject', projectId: id, ...forced(context) } as const;
  await runOperation(context, command, `Restarting ${shown}`, () => false);
  const after = projectById(link.snapshot, id);
  return report(context, after, [`Restarted ${shown} (${containerOf(after)}).`, ...notesOnRunning(after)]);
}

/** `tazpod rebuild` */
export async function runRebuild(context: Context): Promise<ExitCode> {
  const { link, flags } = context;
  await link.open('ready');
  const folder = await folderOf(context);
  await link.client.execute({ type: 'refreshProjects' });
  requireProject(link.snapshot, folder);
  const before = await prepareProject(context, () => Promise.resolve(null));
  await ensureTrusted(context, before.id, flags.trust);
  const pull = flags.pull ? ({ pull: true } as const) : {};
  const command = { type: 'rebuildProject', projectId: before.id, ...pull, ...forced(context) } as const;
  const isRebuilt = (): boolean => {
    const now = findProject(link.snapshot, folder);
    return now?.container.status === 'running' && idOf(now) !== idOf(before);
  };
  const shown = escapeText(before.name);
  await runOperation(context, command, `Rebuilding ${shown}`, isRebuilt);
  await awaitSetup(context, before.id, endedSetups(before), `Setting up ${shown}`);
  const after = projectById(link.snapshot, before.id);
  return report(context, after, [`Rebuilt ${shown} (${containerOf(after)}).`, ...notesOnRunning(after)]);
}
