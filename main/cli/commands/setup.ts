import type { ProgramOutput, ProjectState } from '../../../preload/contract/snapshot.ts';
import { printJson, type Context } from '../context.ts';
import { CliFailure, type ExitCode } from '../failure.ts';
import { assertDone, waitForEnd, type FollowEnd } from '../progress/follow.ts';
import { folderOf, projectById, requireProject } from '../project-folder.ts';
import { escapeText } from '../text/escape.ts';

/** Setups of a project that ended already, so that a new one is told from them, however soon it ends. */
export function endedSetups({ activity }: ProjectState): ReadonlySet<string> {
  return new Set(activity.flatMap(({ kind, operationId }) => (kind === 'setup' ? (operationId ?? []) : [])));
}

/**
 * Prints what a project's setup command prints, on the error output, until it ends. Ctrl-C cancels it.
 * @param before what `endedSetups` said before it could begin
 * @returns null where none began
 */
export async function followSetup(
  context: Context,
  projectId: string,
  before: ReadonlySet<string>,
): Promise<FollowEnd | null> {
  const project = projectById(context.link.snapshot, projectId);
  const operationId =
    project.operations.find(({ kind }) => kind === 'setup')?.id ??
    [...endedSetups(project)].findLast((id) => !before.has(id));
  return operationId === undefined ? null : printUntilEnd(context, operationId);
}

async function printUntilEnd({ link, io }: Context, operationId: string): Promise<FollowEnd> {
  const stop = io.onSignal('SIGINT', () => {
    // That it just ended is told by the wait.
    link.client.ask({ type: 'cancelOperation', operationId }).catch(() => undefined);
  });
  const print = createOutputPrinter((text) => io.err.write(text));
  try {
    const end = await waitForEnd(link.client, operationId, ({ output }) => print(output));
    // What it printed last may have come with its end alone.
    if (end.outcome === 'ended') print(end.entry.output);
    return end;
  } finally {
    stop();
  }
}

/** Prints what is new of an output as it grows; what was lost between two looks is said. */
function createOutputPrinter(write: (text: string) => void): (output: ProgramOutput | undefined) => void {
  let printed = 0;
  return (output) => {
    if (output === undefined || output.length <= printed) return;
    const missing = output.length - printed;
    printed = output.length;
    if (missing > output.text.length) write(`\n[${missing - output.text.length} characters left out]\n`);
    write(toPrintable(output.text.slice(-missing)));
  };
}

/** Lines stay lines; every other control character is shown, not obeyed. */
const toPrintable = (text: string): string => text.replaceAll('\r\n', '\n').split('\n').map(escapeText).join('\n');

/** As `followSetup`; a setup that did not end well is thrown. */
export async function awaitSetup(
  context: Context,
  projectId: string,
  before: ReadonlySet<string>,
  action: string,
): Promise<void> {
  const end = await followSetup(context, projectId, before);
  if (end !== null) assertDone(end, action);
}

/** `tazpod setup` */
export async function runSetup(context: Context): Promise<ExitCode> {
  const { link, io, flags } = context;
  const client = await link.open('ready');
  const { id, name } = requireProject(link.snapshot, await folderOf(context));
  const answer = await client.ask({ type: 'retrySetup', projectId: id });
  if (!answer.accepted) throw new CliFailure(answer.failure);
  if (answer.operationId !== undefined) {
    assertDone(await printUntilEnd(context, answer.operationId), `Setting up ${escapeText(name)}`);
  }
  if (flags.json) printJson(io, projectById(link.snapshot, id));
  else io.out.write(`Set up ${escapeText(name)}.\n`);
  return 0;
}
