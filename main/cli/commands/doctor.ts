import path from 'node:path';
import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import type { Failure } from '../../../preload/contract/errors.ts';
import type { Snapshot } from '../../../preload/contract/snapshot.ts';
import { rowsOf, sortRows } from '../../engine/doctor/row.ts';
import { settledEngine, type Client } from '../client.ts';
import { printJson, type Context } from '../context.ts';
import { toCliFailure, type ExitCode } from '../failure.ts';
import { findProject, folderOf } from '../project-folder.ts';
import { readReport } from '../session/read-report.ts';
import { escapeText } from '../text/escape.ts';
import type { Style } from '../text/style.ts';
import { padEnd } from '../text/width.ts';

/** What doctor knows; the snapshot is null where no host process can be had. */
interface Findings {
  readonly rows: readonly DoctorRow[];
  readonly snapshot: Snapshot | null;
  readonly projectId: string | null;
}

/** Looks at everything that can be looked at; a part that fails becomes a row, never an error. */
async function findOut(context: Context): Promise<Findings> {
  const { link, version, connector } = context;
  const folder = await folderOf(context);
  const { runtime, state } = await connector.folders();
  const runtimeRow = rowsOf('app').row('runtime-folder', 'Runtime folder', 'ok', runtime);
  try {
    const client = await link.open('none');
    await settledEngine(client);
    await client.ask({ type: 'refreshProjects' });
    const projectId = findProject(client.snapshot, folder)?.id ?? null;
    const rows = await askForRows(client, projectId);
    const { version: hostVersion } = client.snapshot.host;
    const own = [...rows.map((row) => (row.id === 'host' ? toHostRow(row, hostVersion, version) : row)), runtimeRow];
    const none = `${folder.canonical} is not registered, so nothing of it was looked at.`;
    const strange = projectId === null ? [rowsOf('project').row('project', 'Project', 'ok', none)] : [];
    return { rows: sortRows([...own, ...strange]), snapshot: client.snapshot, projectId };
  } catch (error) {
    const rows = toRowsWithoutHost(toCliFailure(error).failure, state);
    return { rows: [...rows, runtimeRow], snapshot: null, projectId: null };
  }
}

async function askForRows(client: Client, projectId: string | null): Promise<readonly DoctorRow[]> {
  const values = await readReport(client, { kind: 'doctor', projectId });
  return values as readonly DoctorRow[];
}

/** A host process of another version is no fault, but what was just installed is not what answers. */
function toHostRow(row: DoctorRow, hostVersion: string, version: string): DoctorRow {
  if (hostVersion === version) return row;
  return {
    ...row,
    result: 'warning',
    detail: `${row.detail}; this is ${version}`,
    nextStep: 'Run "tazpod quit"; the next command starts the new one.',
  };
}

function toRowsWithoutHost(failure: Failure, stateFolder: string): readonly DoctorRow[] {
  const { row, failure: toFailureRow } = rowsOf('app');
  return [
    toFailureRow('host', 'Host process', failure),
    row('state-folder', 'State folder', 'ok', stateFolder),
    rowsOf('engine').row('engine', 'Engine', 'unknown', 'Not asked.'),
  ];
}

/** One row per line, with what to do below it. */
export function renderDoctor(rows: readonly DoctorRow[], style: Style): string {
  const paints = { ok: style.green, warning: style.amber, problem: style.red, unknown: style.dim };
  const titleColumns = Math.max(...rows.map(({ title }) => title.length));
  const lines = rows.flatMap(({ title, result, detail, nextStep }) => [
    `${paints[result](result.padEnd(8))} ${padEnd(title, titleColumns)}  ${escapeText(detail)}`,
    ...(nextStep === '' ? [] : [`${' '.repeat(titleColumns + 11)}${style.bold('Next:')} ${escapeText(nextStep)}`]),
  ]);
  const problems = rows.filter(({ result }) => result === 'problem').length;
  const warnings = rows.filter(({ result }) => result === 'warning').length;
  const sum = problems + warnings === 0 ? 'Nothing to do.' : `${problems} to solve, ${warnings} to look at.`;
  return `${lines.join('\n')}\n\n${sum}\n`;
}

/** @throws file-exists, file-write-failed */
async function writeBundle(context: Context, findings: Findings, name: string): Promise<void> {
  const { io, connector, version } = context;
  // Loaded for those who want it: most who ask doctor do not.
  const { toDiagnostics, writeDiagnostics } = await import('../../engine/doctor/diagnostics.ts');
  const { logFile } = await connector.folders();
  const { environment, homeFolder } = io;
  const runtime = findings.snapshot?.host.runtime ?? `Node ${process.versions.node}`;
  const file = path.resolve(io.currentFolder, name);
  const text = await toDiagnostics({
    ...findings,
    logFile,
    environment,
    homeFolder,
    version,
    runtime,
    nowMs: io.nowMs(),
  });
  await writeDiagnostics(file, text, false);
  io.err.write(`Wrote ${escapeText(file)}. Look through it before you send it to anybody.\n`);
}

/** `tazpod doctor`: 0 without a problem, 4 where the engine is one, else 1. */
export async function runDoctor(context: Context): Promise<ExitCode> {
  const { io, flags, style } = context;
  const findings = await findOut(context);
  const { rows } = findings;
  if (flags.bundle !== null) await writeBundle(context, findings, flags.bundle);
  if (flags.json) printJson(io, rows);
  else io.out.write(renderDoctor(rows, style));
  const problems = rows.filter(({ result }) => result === 'problem');
  if (problems.length === 0) return 0;
  return problems.some(({ id }) => id === 'engine') ? 4 : 1;
}
