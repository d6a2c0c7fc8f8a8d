import type { DoctorRow } from '../../preload/contract/doctor.ts';
import type { Result } from '../../preload/contract/parse.ts';
import type { SessionEnd } from '../../preload/contract/session.ts';
import { toFailure } from '../../preload/contract/errors.ts';
import type { RuntimeInfo } from '../../preload/contract/window.ts';
import { toDiagnostics, writeDiagnostics } from '../engine/doctor/diagnostics.ts';
import { rowsOf, sortRows } from '../engine/doctor/row.ts';
import type { Engine } from '../engine/engine.ts';
import { failureOf } from '../engine/failure.ts';

/** What the window's doctor needs beside the engine core. */
export interface DesktopDoctorFacts {
  readonly logFile: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
  readonly version: string;
}

/** The engine core's report, and what only the desktop knows: what the window runs on, and whether there is a tray. */
export async function lookAround(
  engine: Pick<Engine, 'openSession'>,
  projectId: string | null,
  runtime: RuntimeInfo,
): Promise<Result<readonly DoctorRow[]>> {
  let text = '';
  const { promise: ended, resolve: end } = Promise.withResolvers<SessionEnd>();
  const opened = await engine.openSession(
    { kind: 'doctor', projectId },
    { onData: (bytes) => void (text += Buffer.from(bytes).toString('utf8')), onEnd: end },
  );
  if (!opened.ok) return opened;
  const { reason } = await ended;
  if (reason !== 'exited')
    return { ok: false, failure: toFailure('session-failed', { reason: `it ended: ${reason}` }) };
  const lines = text.split('\n').filter((line) => line !== '');
  const rows = lines.map((line) => JSON.parse(line) as DoctorRow);
  return { ok: true, value: sortRows([...rows, ...toDesktopRows(runtime)]) };
}

function toDesktopRows({ name, hasTray }: RuntimeInfo): readonly DoctorRow[] {
  const { row } = rowsOf('app');
  return [
    row('runtime', 'Window', 'ok', name),
    hasTray
      ? row('tray', 'Tray', 'ok', 'The desktop shows tray icons.')
      : row(
          'tray',
          'Tray',
          'warning',
          'The desktop shows no tray icons, so closing the window minimises it.',
          'GNOME shows them with the extension AppIndicator; everything is also in the window.',
        ),
  ];
}

/**
 * Writes what doctor finds to a file that the person chooses.
 * @param chooseFile null where they change their mind
 */
export async function saveDiagnostics(
  engine: Engine,
  projectId: string | null,
  runtime: RuntimeInfo,
  facts: DesktopDoctorFacts,
  chooseFile: (name: string) => Promise<string | null>,
): Promise<Result<{ readonly file: string } | null>> {
  const looked = await lookAround(engine, projectId, runtime);
  if (!looked.ok) return looked;
  const nowMs = Date.now();
  const file = await chooseFile(`tazpod-diagnostics-${new Date(nowMs).toISOString().slice(0, 10)}.json`);
  if (file === null) return { ok: true, value: null };
  try {
    const snapshot = engine.snapshot();
    const text = await toDiagnostics({
      ...facts,
      rows: looked.value,
      snapshot,
      projectId,
      runtime: runtime.name,
      nowMs,
    });
    // The dialog has asked whether to replace what is there.
    await writeDiagnostics(file, text, true);
    return { ok: true, value: { file } };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}
