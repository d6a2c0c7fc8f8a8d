import type { ProjectState, Snapshot } from '../../../preload/contract/snapshot.ts';
import { assertNever } from '../../engine/assert-never.ts';
import { defaultImage } from '../../engine/project/config.ts';
import type { Context } from '../context.ts';
import { CliFailure, cliFailure } from '../failure.ts';
import { canAsk } from '../io.ts';
import { findProject, folderOf, requireProject, type ProjectFolder } from '../project-folder.ts';
import { runSession, terminalSize, type SessionOutcome } from '../session/run-session.ts';
import { escapeText } from '../text/escape.ts';
import { UsageError } from '../words/parse.ts';
import { usageOf } from '../words/table.ts';
import { endedSetups, followSetup } from './setup.ts';
import { offerVault } from './offer-vault.ts';
import { initByFlags, prepareProject, startTrusted, type OfferInit } from './bring-up.ts';

/** As a shell says it: 128 and the signal's number. */
const signalExitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Offers to write a config, with the image to choose: Enter takes the default, Ctrl-C none. */
function offerInit(context: Context): OfferInit {
  const { io, flags } = context;
  if (flags.init || flags.image !== null) return initByFlags({ ...context, flags: { ...flags, init: true } });
  return async (folder: ProjectFolder) => {
    if (!canAsk(io)) return null;
    const local = context.link.snapshot.images.flatMap(({ tags }) => tags).toSorted();
    const choices = [defaultImage, ...local.filter((tag) => tag !== defaultImage)].slice(0, 9);
    const lines = choices.map((tag, index) => {
      const where = local.includes(tag) ? 'on this machine' : 'to be pulled';
      return `  ${index + 1}  ${escapeText(tag)}  (${where})`;
    });
    io.err.write(
      `${escapeText(folder.canonical)} has no .tazpod/config.yaml yet. Write one, with which image?\n${lines.join('\n')}\n`,
    );
    const answer = (await io.input.ask(`Number or any image [1], n for none: `))?.trim();
    if (answer === undefined || /^(?:n|no)$/iu.test(answer)) return null;
    if (answer === '') return { image: defaultImage };
    return { image: /^\d$/u.test(answer) ? (choices[Number(answer) - 1] ?? answer) : answer };
  };
}

function isReady(project: ProjectState | undefined): project is ProjectState {
  return project?.container.status === 'running' && project.operations.length === 0;
}

function isGoingDown({ projects }: Snapshot, projectId: string): boolean {
  const now = projects.find(({ id }) => id === projectId);
  const kind = now?.operations[0]?.kind;
  return now?.container.status !== 'running' || kind === 'stop' || kind === 'restart' || kind === 'rebuild';
}

function toShellExitCode(outcome: SessionOutcome, project: ProjectState): number {
  if (outcome.how === 'signal') return signalExitCodes[outcome.signal];
  if (outcome.how === 'reader-gone') return 0;
  const { reason, exitCode } = outcome.end;
  switch (reason) {
    case 'exited':
      return exitCode ?? 1;
    case 'closed':
      return exitCode ?? 0;
    case 'container-stopped':
      throw cliFailure(
        'container-not-running',
        { folder: project.folder },
        { nextStep: 'It was stopped while you were inside; "tazpod enter" starts it again.' },
      );
    case 'engine-lost':
      throw cliFailure('session-failed', { reason: 'the engine went away' });
    default:
      return assertNever(reason);
  }
}

/** `tazpod`, `tazpod enter`: everything up to a prompt in the container; returns the shell's own exit code. */
export async function runEnter(context: Context): Promise<number> {
  const { io, invocation, link } = context;
  const { command } = invocation;
  if (command === null && !io.input.isTty) {
    throw new UsageError('A shell needs a terminal; a command does not: tazpod enter -- COMMAND.', usageOf('enter'));
  }
  const client = await link.open('ready');
  const folder = await folderOf(context);
  let project = findProject(client.snapshot, folder);
  const before = project === undefined ? new Set<string>() : endedSetups(project);
  const isFresh = !isReady(project);
  if (!isReady(project)) project = await startTrusted(context, await prepareProject(context, offerInit(context)));
  const setup = await followSetup(context, project.id, before);
  if (setup !== null && !(setup.outcome === 'ended' && setup.entry.outcome === 'done')) {
    io.err.write('The setup command did not end well; "tazpod setup" runs it again.\n');
  }
  if (project.drift.length > 0) {
    io.err.write('The config changed since the container was made: "tazpod rebuild" applies it.\n');
  }
  if (command === null) await offerVault(context, project.id, isFresh);
  // As with `docker exec`: a terminal in the container only between two of them; else bytes pass as they are.
  const terminal = command === null || (io.input.isTty && io.out.isTty);
  const outcome = await runSession(link.client, io, {
    kind: 'shell',
    projectId: project.id,
    size: terminalSize(io),
    ...(terminal ? {} : { terminal }),
    ...(command === null ? {} : { command }),
  });
  // A polite stop ends the shell first: it exits as if by itself.
  if (outcome.how === 'ended' && outcome.end.reason === 'exited' && isGoingDown(link.snapshot, project.id)) {
    io.err.write('The container was stopped while you were inside.\n');
  }
  return toShellExitCode(outcome, project);
}

/** `tazpod logs` */
export async function runLogs(context: Context): Promise<number> {
  const { io, flags, link } = context;
  const client = await link.open('ready');
  const project = requireProject(client.snapshot, await folderOf(context));
  const outcome = await runSession(client, io, {
    kind: 'logs',
    projectId: project.id,
    follow: flags.follow,
    ...(flags.tail === null ? {} : { tailLines: flags.tail }),
  });
  return toReaderExitCode(outcome, 'logs');
}

/** How a word ends that only reads. */
export function toReaderExitCode(outcome: SessionOutcome, what: 'logs' | 'stats'): number {
  if (outcome.how === 'signal') return signalExitCodes[outcome.signal];
  if (outcome.how === 'ended' && outcome.end.reason === 'engine-lost') {
    throw new CliFailure({
      code: 'engine-unreachable',
      message: `The engine went away while its ${what} were read.`,
      nextStep: 'Start it and run the command again.',
    });
  }
  return 0;
}
