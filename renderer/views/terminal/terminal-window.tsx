import { useEffect, type ReactNode } from 'react';
import { useApp, useProject } from '../../store/app-context.ts';
import { useStore } from '../../store/use-store.ts';
import { frontTabOf, tabWords } from '../../terminal/tabs-state.ts';
import { stateWords } from '../../words/project-words.ts';
import { toVisibleName } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { CenterPanel } from '../panels/center-panel.tsx';
import styles from './terminal-pane.module.css';
import { TabPanes } from './tab-panes.tsx';

const css = bindClasses(styles);

/** A window that is one terminal. */
export function TerminalWindow(props: { readonly projectId: string; readonly sessionId: string | null }): ReactNode {
  const { projectId, sessionId } = props;
  const { terminals } = useApp();
  const project = useProject(projectId);
  const tab = useStore(terminals.store, (state) => frontTabOf(state, projectId));
  useEffect(() => terminals.attachOnly(projectId, sessionId), [terminals, projectId, sessionId]);
  const name = project === undefined ? 'Terminal' : toVisibleName(project.name);
  const words = useStore(terminals.store, (state) => (tab === null ? null : tabWords(state, tab)));
  const title = words === null ? name : `${words} · ${name}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <main className={css('window')} aria-label={title}>
      <h1 className={css('spoken')}>
        {title}
        {project === undefined ? '' : `, ${stateWords(project, Date.now())}`}
      </h1>
      {tab === null ? (
        <CenterPanel
          title="The tab is closed"
          actions={
            <Button kind="primary" onPress={() => terminals.open(projectId)}>
              Open terminal
            </Button>
          }
        >
          Its session has ended.
        </CenterPanel>
      ) : (
        <TabPanes key={tab.key} tab={tab} />
      )}
    </main>
  );
}
