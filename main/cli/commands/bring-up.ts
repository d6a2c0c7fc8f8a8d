import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import type { Context } from '../context.ts';
import { CliFailure, cliFailure } from '../failure.ts';
import { runOperation } from '../operation.ts';
import {
  configFileOf,
  findProject,
  folderOf,
  projectById,
  requireProject,
  type ProjectFolder,
} from '../project-folder.ts';
import { escapeText } from '../text/escape.ts';
import { ensureTrusted } from '../trust-question.ts';

/** What to do where a folder has no config; decides the image of a new one. null: no config is written. */
export type OfferInit = (folder: ProjectFolder) => Promise<{ readonly image?: string } | null>;

/** Registers the folder, writing a config first where there is none and `offerInit` says so. */
async function ensureRegistered(context: Context, folder: ProjectFolder, offerInit: OfferInit): Promise<ProjectState> {
  const { client } = context.link;
  const known = findProject(client.snapshot, folder);
  const lacksConfig =
    known === undefined
      ? folder.isFolder && !folder.hasConfig
      : known.config.status === 'absent' && known.folderStatus === 'present';
  if (lacksConfig) {
    const choice = await offerInit(folder);
    if (choice === null) throw cliFailure('config-missing', { file: configFileOf(folder) }, { exitCode: 3 });
    const answer = await client.ask({ type: 'initProject', folder: folder.path, ...choice });
    // Somebody else wrote one meanwhile: an existing config is left alone, and used.
    if (!answer.accepted && answer.failure.code !== 'config-exists') throw new CliFailure(answer.failure);
    if (!answer.accepted) await client.execute({ type: 'registerProject', folder: folder.path });
  } else if (known === undefined) {
    await client.execute({ type: 'registerProject', folder: folder.path });
  }
  return requireProject(client.snapshot, folder);
}

function assertUsable(project: ProjectState): void {
  if (project.folderStatus === 'missing') throw cliFailure('folder-not-found', { folder: project.folder });
  if (project.config.status === 'invalid') throw new CliFailure(project.config.failure);
  if (project.config.status === 'absent') {
    throw cliFailure('config-missing', { file: project.config.file }, { exitCode: 3 });
  }
}

/** The project of the word's folder, freshly read, registered, with a valid config. */
export async function prepareProject(context: Context, offerInit: OfferInit): Promise<ProjectState> {
  const folder = await folderOf(context);
  await context.link.client.execute({ type: 'refreshProjects' });
  const project = await ensureRegistered(context, folder, offerInit);
  assertUsable(project);
  return project;
}

const isRunning = (context: Context, projectId: string): boolean =>
  projectById(context.link.snapshot, projectId).container.status === 'running';

/** Asks for trust where needed, then starts the container and waits until it runs. */
export async function startTrusted(context: Context, project: ProjectState): Promise<ProjectState> {
  const { id } = project;
  const { flags, link } = context;
  await ensureTrusted(context, id, flags.trust);
  await runOperation(context, { type: 'startProject', projectId: id }, `Starting ${escapeText(project.name)}`, () =>
    isRunning(context, id),
  );
  return projectById(link.snapshot, id);
}

/** `--init` and `--image` beforehand; nobody is asked. */
export function initByFlags({ flags }: Context): OfferInit {
  const choice = flags.init ? (flags.image === null ? {} : { image: flags.image }) : null;
  return () => Promise.resolve(choice);
}
