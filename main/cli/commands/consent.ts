import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { printJson, type Context } from '../context.ts';
import { CliFailure, cliFailure, type ExitCode } from '../failure.ts';
import { runOperation } from '../operation.ts';
import { canAsk } from '../io.ts';
import { configFileOf, findProject, folderOf, projectById, requireProject } from '../project-folder.ts';
import { askYes } from '../question.ts';
import { escapeText } from '../text/escape.ts';
import { ensureTrusted, renderGrants, trustHeading } from '../trust-question.ts';

/** The project of the word's folder, registered if it has a config; registering runs nothing. */
export async function registeredProject(context: Context, typed?: string): Promise<ProjectState> {
  const folder = await folderOf(context, typed);
  const { client } = context.link;
  await client.execute({ type: 'refreshProjects' });
  if (findProject(client.snapshot, folder) === undefined) {
    if (!folder.hasConfig) requireProject(client.snapshot, folder);
    await client.execute({ type: 'registerProject', folder: folder.path });
  }
  const project = requireProject(client.snapshot, folder);
  if (project.config.status === 'invalid') throw new CliFailure(project.config.failure);
  if (project.config.status === 'absent') {
    throw cliFailure('config-missing', { file: configFileOf(folder) }, { exitCode: 3 });
  }
  return project;
}

function printGrants(context: Context, project: ProjectState): void {
  const { io, style } = context;
  const { trust } = project;
  if (trust.status === 'unknown') return;
  const isNew = trust.status === 'untrusted';
  const heading = isNew
    ? trustHeading(project, trust)
    : `${escapeText(project.name)} was allowed on ${new Date(trust.atMs).toISOString().slice(0, 10)}. Its container gets:`;
  io.out.write(`${heading}\n\n${renderGrants(trust.grants, isNew ? trust.differences : [], style)}`);
}

/** `tazpod trust`: shows what the config asks for, and asks where somebody can answer. */
export async function runTrust(context: Context): Promise<ExitCode> {
  const { io, flags, link } = context;
  await link.open('settled');
  const { id } = await registeredProject(context);
  const before = projectById(link.snapshot, id);
  if (!flags.json) printGrants(context, before);
  const wasTrusted = before.trust.status !== 'untrusted';
  const isAsked = !flags.json && canAsk(io);
  if (!wasTrusted && (flags.yes || isAsked)) {
    if (!flags.json) io.out.write('\n');
    await ensureTrusted(context, id, flags.yes, false);
  }
  const after = projectById(link.snapshot, id);
  if (flags.json) printJson(io, after.trust);
  else if (!wasTrusted && after.trust.status === 'trusted') io.out.write(`Allowed ${escapeText(after.name)}.\n`);
  if (after.trust.status === 'trusted') return 0;
  if (!flags.json)
    throw cliFailure('not-trusted', { folder: after.folder }, { nextStep: 'Answer with "tazpod trust --yes".' });
  return 3;
}

/** `tazpod adopt`: takes over the container that another tool made for this folder. */
export async function runAdopt(context: Context): Promise<ExitCode> {
  const { io, flags, link } = context;
  await link.open('ready');
  const { id, adoptable, folder, name, container } = await registeredProject(context);
  if (adoptable === null) {
    const owned = container.status === 'missing' ? {} : { nextStep: 'It has a container of its own already.' };
    throw cliFailure('nothing-to-adopt', { folder }, owned);
  }
  const what =
    `${escapeText(adoptable.name)} (${adoptable.id.slice(0, 12)}, image ${escapeText(adoptable.image)}, ` +
    `${escapeText(adoptable.status)})`;
  if (!flags.yes) {
    io.err.write(
      `Another tool made the container ${what} for this folder. Adopted, TazPod stops and removes it as its own.\n`,
    );
    const isWanted = await askYes(context, 'Adopt it?');
    if (isWanted !== true) {
      const nextStep = isWanted === null ? 'Answer beforehand: "tazpod adopt --yes".' : 'It stays as it is.';
      throw new CliFailure({ code: 'cancelled', message: 'Nothing was adopted.', nextStep }, 3);
    }
  }
  const command = { type: 'adoptContainer', projectId: id, containerId: adoptable.id } as const;
  await runOperation(context, command, `Adopting ${escapeText(adoptable.name)}`, (snapshot) => {
    const now = projectById(snapshot, id).container;
    return now.status !== 'missing' && now.id === adoptable.id;
  });
  if (flags.json) printJson(io, projectById(link.snapshot, id));
  else io.out.write(`Adopted ${what} for ${escapeText(name)}.\n`);
  return 0;
}
