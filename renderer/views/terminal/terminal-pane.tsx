import { useEffect, type ReactNode } from 'react';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { asksForVault } from '../../actions/actions.ts';
import { hindranceOf } from '../../actions/project-actions.ts';
import { useApp, useEngineReady, useUi } from '../../store/app-context.ts';
import { haveSameItems, useStore } from '../../store/use-store.ts';
import { frontTabOf, tabsOf } from '../../terminal/tabs-state.ts';
import { kindWords } from '../../words/progress-words.ts';
import { toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { CenterPanel } from '../panels/center-panel.tsx';
import styles from './terminal-pane.module.css';
import { TabPanes } from './tab-panes.tsx';
import { TerminalStrip } from './terminal-strip.tsx';
import { VaultStep } from './vault-step.tsx';

const css = bindClasses(styles);

/** A project's terminals: tabs above, the one in front below. */
export function TerminalPane({ project }: { readonly project: ProjectState }): ReactNode {
  const { terminals } = useApp();
  const tabs = useStore(terminals.store, (state) => tabsOf(state, project.id), haveSameItems);
  const front = useStore(terminals.store, (state) => frontTabOf(state, project.id));
  // Tabs that ended stay, and are no reason to leave the question out.
  const isWanted = useUi((state) => state.wantsTerminal === project.id);
  const asks = useUi((state) => asksForVault(project, state)) && (front === null || isWanted);
  const [operation] = project.operations;
  useWantedTerminal(project, isWanted);
  if (asks && operation === undefined) return <VaultStep project={project} />;
  if (isWanted && operation !== undefined) {
    return <CenterPanel title={kindWords[operation.kind]}>A terminal opens once the vault is unlocked.</CenterPanel>;
  }
  if (front === null) return <NoTerminal project={project} />;
  return (
    <div className={css('pane')}>
      <TerminalStrip
        projectId={project.id}
        tabs={tabs}
        front={front}
        canOpen={project.container.status === 'running'}
      />
      <TabPanes key={front.key} tab={front} />
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
          <>
            <Button
              isDisabled={hindranceOf('open-terminal', project, engineReady) !== null}
              onPress={() => actions.perform('open-terminal', project.id)}
            >
              Open terminal
            </Button>
            {project.vault.status === 'absent' && project.sync.remote === null && (
              <Button kind="quiet" onPress={() => actions.perform('show-vault', project.id)}>
                Create a vault…
              </Button>
            )}
          </>
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

/** Opens the terminal that waited for the vault. */
function useWantedTerminal(project: ProjectState, isWanted: boolean): void {
  const { actions, ui } = useApp();
  const isOpen = project.vault.status === 'unlocked' && project.operations.length === 0;
  useEffect(() => {
    if (!isWanted || !isOpen) return;
    ui.update((state) => ({ ...state, wantsTerminal: null }));
    actions.perform('open-terminal', project.id);
  }, [actions, ui, isWanted, isOpen, project.id]);
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
