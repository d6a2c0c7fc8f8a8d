import { useState, type ReactNode } from 'react';
import type { ConfigProblem } from '../../../preload/contract/errors.ts';
import type { ConfigState, ProjectState } from '../../../preload/contract/snapshot.ts';
import { useApp } from '../../store/app-context.ts';
import { formatMoment } from '../../words/units.ts';
import { toShortPath, toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { FailureNote } from '../controls/failure-note.tsx';
import configStyles from './config-tab.module.css';
import { ImagePicker } from './image-picker.tsx';
import { InitPanel } from './init-panel.tsx';
import styles from './panel.module.css';

const css = bindClasses({ ...styles, ...configStyles });

/** The config as it was read: what it asks for, or what is wrong with it and where. */
export function ConfigTab({ project }: { readonly project: ProjectState }): ReactNode {
  const { config } = project;
  const [isPicking, setPicking] = useState(false);
  if (config.status === 'absent') return <InitPanel project={project} />;
  if (isPicking && config.status === 'valid') {
    return <ImagePicker project={project} config={config} onDone={() => setPicking(false)} />;
  }
  return (
    <div className={css('panel')}>
      <div className={css('body')} tabIndex={0} role="region" aria-label="Config">
        {config.status === 'invalid' ? (
          <ConfigProblems config={config} />
        ) : (
          <ConfigFacts project={project} config={config} />
        )}
      </div>
      <footer className={css('footer')}>
        <FileActions project={project} onPick={() => setPicking(true)} />
      </footer>
    </div>
  );
}

interface FileActionsProps {
  readonly project: ProjectState;
  readonly onPick: () => void;
}

function FileActions({ project, onPick }: FileActionsProps): ReactNode {
  const { actions } = useApp();
  const hindrance = pickHindrance(project);
  return (
    <>
      <p className={css('hint')}>
        <code className={css('selectable')} title={toVisibleText(project.config.file)}>
          {toShortPath(project.config.file)}
        </code>
      </p>
      <Button isDisabled={hindrance !== null} hint={hindrance ?? undefined} onPress={onPick}>
        Change image…
      </Button>
      <Button onPress={() => actions.perform('look-again', project.id)}>Look again</Button>
      <Button onPress={() => actions.perform('open-folder', project.id)}>Open folder</Button>
    </>
  );
}

/** Why no other image can be chosen here; null where one can. */
function pickHindrance({ config, trust }: ProjectState): string | null {
  if (config.status !== 'valid') return 'It has no valid config';
  const isBuilt = trust.status !== 'unknown' && trust.grants.some(({ key }) => key === 'build');
  return isBuilt ? 'The config builds its own image: change the FROM line of its Dockerfile' : null;
}

function ConfigProblems({ config }: { readonly config: Extract<ConfigState, { status: 'invalid' }> }): ReactNode {
  const { file, problems, failure } = config;
  if (problems.length === 0) return <FailureNote failure={failure} />;
  return (
    <>
      <h2 className={css('title')}>
        {problems.length === 1
          ? 'One value in the config is wrong'
          : `${problems.length} values in the config are wrong`}
      </h2>
      <p className={css('lead')}>Correct the file and look again. Until then nothing starts.</p>
      <ul className={css('problems')}>
        {problems.map((problem) => (
          <li key={`${problem.line}:${problem.column}:${problem.key}`} className={css('problem')}>
            <Problem file={file} problem={problem} />
          </li>
        ))}
      </ul>
    </>
  );
}

const fileName = (file: string): string => file.split(/[/\\]/u).slice(-2).join('/');

function Problem({ file, problem }: { readonly file: string; readonly problem: ConfigProblem }): ReactNode {
  const place = problem.line > 0 ? `${fileName(file)}:${problem.line}:${problem.column}` : fileName(file);
  return (
    <>
      <p className={css('place')}>
        <code className={css('selectable')} title={toVisibleText(file)}>
          {toVisibleText(place)}
        </code>
        {problem.key !== '' && <code className={css('key')}>{toVisibleText(problem.key)}</code>}
      </p>
      <dl className={css('pair')}>
        <dt>Found</dt>
        <dd className={css('selectable')}>
          <code>{toVisibleText(problem.found)}</code>
        </dd>
        <dt>Allowed</dt>
        <dd className={css('selectable')}>{toVisibleText(problem.allowed)}</dd>
      </dl>
    </>
  );
}

interface FactsProps {
  readonly project: ProjectState;
  readonly config: Extract<ConfigState, { status: 'valid' }>;
}

function ConfigFacts({ project, config }: FactsProps): ReactNode {
  const { trust } = project;
  const grants = trust.status === 'unknown' ? [] : trust.grants;
  return (
    <>
      {config.warnings.length > 0 && <Warnings warnings={config.warnings} />}
      <h2 className={css('title')}>What the container gets</h2>
      <p className={css('lead')}>
        {trust.status === 'trusted' ? (
          <span title={formatMoment(trust.atMs)}>
            You trusted this on {new Date(trust.atMs).toLocaleDateString(undefined, { dateStyle: 'medium' })}.
          </span>
        ) : (
          'You have not trusted this yet.'
        )}
      </p>
      <dl className={css('facts', 'selectable')}>
        {grants.map((grant) => (
          <div key={grant.key} className={css('fact')}>
            <dt>{toVisibleText(grant.label)}</dt>
            <dd title={toVisibleText(grant.meaning)}>
              <code>{toVisibleText(grant.value)}</code>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

const Warnings = ({ warnings }: { readonly warnings: readonly string[] }): ReactNode => (
  <div className={css('warnings')} role="status">
    <h2 className={css('title')}>Warnings</h2>
    <ul>
      {warnings.map((warning) => (
        <li key={warning} className={css('warning', 'selectable')} title={toVisibleText(warning)}>
          {toShortPath(warning)}
        </li>
      ))}
    </ul>
  </div>
);
