import { X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import type { Failure } from '../../../preload/contract/errors.ts';
import { useApp, useReady } from '../../store/app-context.ts';
import type { StateShape } from '../../words/project-words.ts';
import { toVisibleBlock, toVisibleName, toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button, IconButton } from '../controls/button.tsx';
import { FailureNote } from '../controls/failure-note.tsx';
import { StateGlyph } from '../controls/state-glyph.tsx';
import { useLasting } from '../use-time.ts';
import styles from './doctor-page.module.css';
import { useDoctor } from './use-doctor.ts';

const css = bindClasses(styles);

type Result = DoctorRow['result'];
const shapes: { readonly [Kind in Result]: StateShape } = {
  ok: 'running',
  warning: 'attention',
  problem: 'error',
  unknown: 'stopped',
};
const resultWords: { readonly [Kind in Result]: string } = {
  ok: 'Fine',
  warning: 'Look at it',
  problem: 'To solve',
  unknown: 'Not known',
};

/** Everything that keeps a project from working, each with what to do; and the file for a bug report. */
export function DoctorPage({ projectId }: { readonly projectId: string | null }): ReactNode {
  const { ui } = useApp();
  const engineStatus = useReady(({ snapshot }) => snapshot.engine.status);
  const { rows, failure, isLooking, lookAgain } = useDoctor(projectId, engineStatus);
  return (
    <section className={css('page')} aria-labelledby="doctor-title" aria-busy={isLooking}>
      <header className={css('header')}>
        <div className={css('titles')}>
          <h1 id="doctor-title">Doctor</h1>
          <Summary rows={rows} isLooking={isLooking} />
        </div>
        <Button isDisabled={isLooking} onPress={lookAgain}>
          Look again
        </Button>
        <IconButton
          label="Close doctor"
          icon={<X size={16} aria-hidden="true" />}
          onPress={() => ui.update((state) => ({ ...state, page: 'project' }))}
        />
      </header>
      <div className={css('body')} tabIndex={0} role="region" aria-label="What doctor found">
        {failure !== null && <FailureNote failure={failure} />}
        {rows !== null && <Areas rows={rows} projectId={projectId} />}
        <Diagnostics projectId={projectId} />
      </div>
    </section>
  );
}

function Summary({
  rows,
  isLooking,
}: {
  readonly rows: readonly DoctorRow[] | null;
  readonly isLooking: boolean;
}): ReactNode {
  const lasts = useLasting(isLooking);
  const count = (result: Result): number => (rows ?? []).filter((row) => row.result === result).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  const found = problems + warnings === 0 ? 'Nothing to do' : `${problems} to solve, ${warnings} to look at`;
  return (
    <p className={css('summary')} role="status">
      {lasts ? 'Looking' : rows === null ? '' : found}
    </p>
  );
}

const areaTitles = { app: 'TazPod', engine: 'Engine', machine: 'This machine' } as const;

function Areas({
  rows,
  projectId,
}: {
  readonly rows: readonly DoctorRow[];
  readonly projectId: string | null;
}): ReactNode {
  const name = useReady(({ projects }) => projects.get(projectId ?? '')?.name ?? 'Project');
  const areas = [...new Set(rows.map(({ area }) => area))];
  return areas.map((area) => {
    const title = area === 'project' ? toVisibleName(name) : areaTitles[area];
    const own = rows.filter((row) => row.area === area);
    return (
      <section key={area} className={css('area')} aria-label={title}>
        <h2 title={title}>
          <bdi>{title}</bdi>
        </h2>
        <ul className={css('rows')}>
          {own.map((row, at) => (
            <Row key={`${row.id} ${at}`} row={row} />
          ))}
        </ul>
      </section>
    );
  });
}

function Row({ row: { title, result, detail, nextStep } }: { readonly row: DoctorRow }): ReactNode {
  return (
    <li className={css('row', result)}>
      <span className={css('result')}>
        <StateGlyph shape={shapes[result]} />
        <span>{resultWords[result]}</span>
      </span>
      <span className={css('name')}>{title}</span>
      <div className={css('words', 'selectable')}>
        <p>{toVisibleBlock(detail)}</p>
        {nextStep !== '' && (
          <p className={css('next')}>
            <b>Next:</b> {toVisibleText(nextStep)}
          </p>
        )}
      </div>
    </li>
  );
}

type Saving = { readonly file: string } | { readonly failure: Failure } | 'saving' | null;

function Diagnostics({ projectId }: { readonly projectId: string | null }): ReactNode {
  const { api } = useApp();
  const [saving, setSaving] = useState<Saving>(null);
  const save = (): void => {
    setSaving('saving');
    void api.request('saveDiagnostics', projectId).then((answer) => {
      setSaving(answer.ok ? answer.value : { failure: answer.failure });
    });
  };
  return (
    <section className={css('area')} aria-label="Diagnostics">
      <h2>Diagnostics</h2>
      <div className={css('diagnostics')}>
        <p className={css('quiet')}>
          One file for a bug report: all of the above, versions, the config without its values and the end of the log.
          Secrets are left out; look through it before you send it.
        </p>
        <Button isDisabled={saving === 'saving'} onPress={save}>
          Save diagnostics…
        </Button>
      </div>
      {saving !== null && saving !== 'saving' && 'failure' in saving && <FailureNote failure={saving.failure} />}
      {saving !== null && saving !== 'saving' && 'file' in saving && (
        <p className={css('quiet', 'selectable')} role="status">
          Saved as {toVisibleText(saving.file)}. Only you can read it.
        </p>
      )}
    </section>
  );
}
