import { settledEngine } from '../client.ts';
import { printJson, type Context } from '../context.ts';
import { toCliFailure, type ExitCode } from '../failure.ts';
import { findProject, folderOf } from '../project-folder.ts';
import { escapeText } from '../text/escape.ts';
import type { Style } from '../text/style.ts';
import { padEnd } from '../text/width.ts';
import { toDoctorRows, type DoctorFindings, type DoctorRow } from './doctor-rows.ts';

/** Looks at everything that can be looked at; a part that fails becomes a row, never an error. */
async function findOut(context: Context): Promise<DoctorFindings> {
  const { link, version, connector } = context;
  const folder = await folderOf(context);
  const findings = { version, folders: await connector.folders(), folder: folder.canonical };
  try {
    const client = await link.open('none');
    await settledEngine(client);
    await client.ask({ type: 'refreshProjects' });
    const { snapshot } = client;
    return { ...findings, hostFailure: null, snapshot, project: findProject(snapshot, folder) ?? null };
  } catch (error) {
    return { ...findings, hostFailure: toCliFailure(error).failure, snapshot: null, project: null };
  }
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

/** `tazpod doctor`: 0 without a problem, 4 where the engine is one, else 1. */
export async function runDoctor(context: Context): Promise<ExitCode> {
  const { io, flags, style } = context;
  const rows = toDoctorRows(await findOut(context));
  if (flags.json) printJson(io, rows);
  else io.out.write(renderDoctor(rows, style));
  const problems = rows.filter(({ result }) => result === 'problem');
  if (problems.length === 0) return 0;
  return problems.some(({ id }) => id === 'engine') ? 4 : 1;
}
