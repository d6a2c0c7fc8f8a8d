import type { ReactNode } from 'react';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { hindranceOf } from '../../actions/project-actions.ts';
import { useApp, useEngineReady } from '../../store/app-context.ts';
import { haveSameItems, useStore } from '../../store/use-store.ts';
import { frontTabOf, tabsOf } from '../../terminal/tabs-state.ts';
import { kindWords } from '../../words/progress-words.ts';
import { toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { CenterPanel } from '../panels/center-panel.tsx';
import styles from './terminal-pane.module.css';
import { TerminalScreen } from './terminal-screen.tsx';
import { TerminalStrip } from './terminal-strip.tsx';

const css = bindClasses(styles);

/** A project's terminals: tabs above, the one in front below. */
export function TerminalPane({ project }: { readonly project: ProjectState }): ReactNode {
  const { terminals } = useApp();
  const tabs = useStore(terminals.store, (state) => tabsOf(state, project.id), haveSameItems);
  const front = useStore(terminals.store, (state) => frontTabOf(state, project.id));
  if (front === null) return <NoTerminal project={project} />;
  return (
    <div className={css('pane')}>
      <TerminalStrip
        projectId={project.id}
        tabs={tabs}
        front={front}
        canOpen={project.container.status === 'running'}
      />
      <TerminalScreen key={front.key} tab={front} />
    </div>
  );
}

function NoTerminal({ project }: { readonly project: ProjectState }): ReactNode {
  const { actions } = useApp();
  const engineReady = useEngineReady();
  const { container } = project;
  const [operation] = project.operations;
  if (container.status === 'running') {
    return (
      <CenterPanel
        title="No terminal is open"
        actions={
          <Button
            isDisabled={hindranceOf('open-terminal', project, engineReady) !== null}
            onPress={() => actions.perform('open-terminal', project.id)}
          >
            Open terminal
          </Button>
        }
      >
        A shell in <code>{toVisibleText(container.name)}</code>, in this folder. It goes on when the window closes.
      </CenterPanel>
    );
  }
  if (operation !== undefined) {
    return (
      <CenterPanel title={kindWords[operation.kind]}>A terminal can be opened once the container runs.</CenterPanel>
    );
  }
  if (container.status === 'paused') {
    return (
      <CenterPanel title="The container is paused">
        Resume it where it was paused, or restart it. A paused container answers nobody.
      </CenterPanel>
    );
  }
  return <NotRunning project={project} hindrance={hindranceOf('start', project, engineReady)} />;
}

function NotRunning({
  project,
  hindrance,
}: {
  readonly project: ProjectState;
  readonly hindrance: string | null;
}): ReactNode {
  const { actions } = useApp();
  const { config, failure } = project;
  return (
    <CenterPanel
      title="Not running"
      actions={
        // After a failure the way on is beside it.
        failure === null && (
          <Button
            isDisabled={hindrance !== null}
            hint={hindrance ?? undefined}
            onPress={() => actions.perform('start', project.id)}
          >
            Start
          </Button>
        )
      }
    >
      {config.status === 'valid' && (
        <>
          Start makes the container <code>{toVisibleText(config.containerName)}</code> from{' '}
          <code>{toVisibleText(config.image)}</code>.
        </>
      )}
    </CenterPanel>
  );
}
