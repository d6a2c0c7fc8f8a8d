import type { ReactNode } from 'react';
import type { EngineState, ProjectState } from '../../../preload/contract/snapshot.ts';
import { hindranceOf } from '../../actions/project-actions.ts';
import { useApp, useEngineReady, useReady } from '../../store/app-context.ts';
import { toVisibleText } from '../../words/visible-text.ts';
import { Button } from '../controls/button.tsx';
import { FailureNote } from '../controls/failure-note.tsx';
import { bindClasses } from '../classes.ts';
import styles from './empty-panels.module.css';
import { CenterPanel } from './center-panel.tsx';

const css = bindClasses(styles);

/** No project yet: one sentence, one button, the drop hint, and what will happen. */
export function NoProjectsPanel(): ReactNode {
  const { actions } = useApp();
  return (
    <CenterPanel
      title="Add a project folder"
      actions={
        <Button kind="primary" onPress={() => void actions.addFolders()}>
          Add folder…
        </Button>
      }
      foot="Or drop folders anywhere in this window. Nothing of a folder runs before you have seen what it asks for and said so."
    >
      Each folder gets one disposable container to work in; your files stay in the folder.
    </CenterPanel>
  );
}

/** No engine: what was looked for, what to do; it goes away by itself. */
export function NoEnginePanel({ engine }: { readonly engine: Extract<EngineState, { status: 'away' }> }): ReactNode {
  const { api, ui } = useApp();
  const platform = useReady(({ runtime }) => runtime.platform);
  const { failure } = engine;
  const isMissing = failure.code === 'engine-unreachable';
  return (
    <section className={css('engine')} aria-labelledby="engine-title">
      <h2 id="engine-title" className={css('title')}>
        {isMissing ? 'No Docker engine answers' : 'The Docker engine can’t be used'}
      </h2>
      {isMissing ? (
        <>
          <p>{toVisibleText(failure.nextStep)}</p>
          <p>{howToGetOne[platform]}</p>
          <LookedFor details={failure.details ?? ''} />
        </>
      ) : (
        <FailureNote failure={failure} />
      )}
      <div className={css('again')}>
        <Button kind="primary" onPress={() => void api.request('retryEngine')}>
          Look again
        </Button>
        <Button onPress={() => ui.update((state) => ({ ...state, page: 'doctor' }))}>Ask doctor</Button>
        <span className={css('quiet')}>This goes away by itself as soon as an engine answers.</span>
      </div>
    </section>
  );
}

function LookedFor({ details }: { readonly details: string }): ReactNode {
  const places = details.replace(/^Looked for: /u, '').split(', ');
  return (
    <div className={css('places')}>
      <h3 className={css('quiet')}>Looked for</h3>
      <ul className={css('selectable')}>
        {places.map((place) => (
          <li key={place}>
            <code>{toVisibleText(place)}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}

const howToGetOne = {
  linux:
    'To get one, install Docker Engine from your distribution or docs.docker.com/engine/install, then start its service.',
  darwin: 'To get one, install Docker Desktop, OrbStack or Colima, then start it.',
  win32: 'To get one, install Docker Desktop or Rancher Desktop, then start it.',
  other: 'To get one, see docs.docker.com/get-docker.',
} as const;

/** The folder is gone or can't be read. */
export function FolderMissingPanel({ project }: { readonly project: ProjectState }): ReactNode {
  const { actions } = useApp();
  const engineReady = useEngineReady();
  const why = hindranceOf('forget', project, engineReady);
  return (
    <CenterPanel
      title={project.folderStatus === 'missing' ? 'The folder is not there' : 'The folder can’t be read'}
      actions={
        <>
          <Button kind="primary" onPress={() => actions.perform('look-again', project.id)}>
            Look again
          </Button>
          <Button
            isDisabled={why !== null}
            hint={why ?? undefined}
            onPress={() => actions.perform('forget', project.id)}
          >
            Forget…
          </Button>
        </>
      }
      foot="It may be on a disk that is not mounted. If it moved, add it from its new place and forget this one."
    >
      <code>{toVisibleText(project.folder)}</code>
    </CenterPanel>
  );
}
