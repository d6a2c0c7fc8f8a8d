import { useEffect, type ReactNode } from 'react';
import { useKeys } from '../keys/use-keys.ts';
import { useApp, useReady } from '../store/app-context.ts';
import { useStore } from '../store/use-store.ts';
import { Announcer } from './announcer.tsx';
import styles from './app.module.css';
import { bindClasses } from './classes.ts';
import { MainWindow } from './main-window.tsx';
import { PasteQuestion } from './overlays/paste-question.tsx';
import { CenterPanel } from './panels/center-panel.tsx';
import { TerminalWindow } from './terminal/terminal-window.tsx';
import { useLasting } from './use-time.ts';

const css = bindClasses(styles);

/** The page, once the app has told what there is to show. */
export function App(): ReactNode {
  const { app } = useApp();
  const status = useStore(app, (state) => state.status);
  if (status === 'ready') return <Page />;
  return status === 'loading' ? <Loading /> : <Unreachable />;
}

function Page(): ReactNode {
  const view = useReady((state) => state.view);
  useKeys();
  useTerminalLook();
  return (
    <>
      {view.kind === 'terminal' ? (
        <TerminalWindow projectId={view.projectId} sessionId={view.sessionId} />
      ) : (
        <MainWindow />
      )}
      <PasteQuestion />
      <Announcer />
    </>
  );
}

/** A word instead of a spinner, and not even that if it is quick. */
function Loading(): ReactNode {
  return (
    <main className={css('loading')}>
      <h1 className={css('spoken')}>TazPod Desktop</h1>
      {useLasting(true) ? 'Loading projects' : ''}
    </main>
  );
}

function Unreachable(): ReactNode {
  const { app } = useApp();
  const reason = useStore(app, (state) => (state.status === 'unreachable' ? state.reason : ''));
  return (
    <CenterPanel title="The app does not answer" foot={reason}>
      This window tries again every second. If nothing changes, quit TazPod and start it again.
    </CenterPanel>
  );
}

/** Terminals follow the settings and the theme as they change. */
function useTerminalLook(): void {
  const { terminals } = useApp();
  const theme = useReady(({ settings }) => settings.theme);
  const settings = useReady((state) => state.settings);
  useEffect(() => terminals.changeLook(settings), [terminals, settings]);
  useEffect(() => {
    const system = matchMedia('(prefers-color-scheme: dark)');
    const apply = (): void => {
      document.documentElement.dataset['theme'] = theme === 'system' ? (system.matches ? 'dark' : 'light') : theme;
      terminals.refreshTheme();
    };
    apply();
    system.addEventListener('change', apply);
    return () => system.removeEventListener('change', apply);
  }, [terminals, theme]);
}
