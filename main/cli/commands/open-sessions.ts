import type { SessionState, Snapshot } from '../../../preload/contract/snapshot.ts';
import { printJson, type Context } from '../context.ts';
import type { ExitCode } from '../failure.ts';
import { escapeText } from '../text/escape.ts';
import { toTable } from '../text/table.ts';
import { UsageError } from '../words/parse.ts';
import { usageOf } from '../words/table.ts';

/** An open session and the project it is in, as `sessions --json` prints it. */
export interface OpenSession extends SessionState {
  readonly projectId: string;
  readonly folder: string;
}

/** Sessions of all projects, the oldest first. */
export function openSessionsOf({ projects }: Snapshot): readonly OpenSession[] {
  return projects
    .flatMap(({ id, folder, sessions }) => sessions.map((session) => ({ ...session, projectId: id, folder })))
    .toSorted((a, b) => a.openedAtMs - b.openedAtMs);
}

function renderSessions(sessions: readonly OpenSession[], maxColumns: number): string {
  if (sessions.length === 0) return 'No sessions are open. "tazpod enter" opens one.\n';
  const rows = sessions.map(({ id, title, kept, openedAtMs, folder }) => [
    id,
    title,
    kept ? 'window' : 'command line',
    new Date(openedAtMs).toISOString(),
    folder,
  ]);
  const columns = [
    { title: 'ID' },
    { title: 'PROGRAM', minColumns: 8 },
    { title: 'OPENED BY' },
    { title: 'SINCE' },
    { title: 'FOLDER', minColumns: 16 },
  ];
  return `${toTable(columns, rows, maxColumns).join('\n')}\n`;
}

/** `tazpod sessions`, `tazpod sessions kill ID` */
export async function runSessions(context: Context): Promise<ExitCode> {
  const { io, flags, link, invocation } = context;
  const [action = 'list', sessionId] = invocation.operands;
  const usage = usageOf('sessions');
  if (action !== 'list' && action !== 'kill') {
    throw new UsageError(`"tazpod sessions" has no "${escapeText(action)}".`, usage);
  }
  if (action === 'list' && sessionId !== undefined) {
    throw new UsageError('"tazpod sessions list" takes nothing more.', usage);
  }
  if (action === 'kill' && sessionId === undefined) {
    throw new UsageError('"tazpod sessions kill" needs the id of a session.', usage);
  }
  const client = await link.open('settled');
  if (action === 'kill' && sessionId !== undefined) {
    await client.execute({ type: 'endSession', sessionId });
  }
  const sessions = openSessionsOf(client.snapshot);
  if (flags.json) printJson(io, sessions);
  else if (action === 'list') io.out.write(renderSessions(sessions, io.out.columns()));
  else io.out.write(`Ended ${escapeText(sessionId ?? '')}.\n`);
  return 0;
}
