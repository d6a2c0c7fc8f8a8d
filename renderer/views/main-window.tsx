import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import { useApp, useReady, useUi } from '../store/app-context.ts';
import { tabsOf } from '../terminal/tabs-state.ts';
import { toListOrder } from '../words/list-order.ts';
import { bindClasses } from './classes.ts';
import { ListResizer } from './list-resizer.tsx';
import { ProjectList } from './list/project-list.tsx';
import { StatusBar } from './status-bar.tsx';
import styles from './app.module.css';
import { useIdleOnce, useNarrow } from './use-time.ts';

const css = bindClasses(styles);

/** All that is shown beside the list and over it takes as long to read and to draw as the list does, so it comes after it. */
const MainPage = lazy(async () => {
  const page = await import('./main-page.tsx');
  return { default: page.MainPage };
});
const Overlays = lazy(async () => {
  const page = await import('./main-page.tsx');
  return { default: page.Overlays };
});

/** The main window: one list, one detail, one line of status. */
export function MainWindow(): ReactNode {
  const isNarrow = useNarrow();
  const widthPx = useReady(({ settings }) => settings.listWidthPx);
  const selectedId = useSelectedId();
  const isEmpty = useReady(({ snapshot }) => snapshot.projects.length === 0);
  const isListDrawn = useIdleOnce();
  const { api } = useApp();
  useEffect(() => {
    if (isListDrawn) api.send('tellListShown');
  }, [api, isListDrawn]);
  useShowProject();
  return (
    <div className={css('window')}>
      <div className={css('columns')}>
        {!isEmpty && (
          <div className={css('side')} style={{ width: isNarrow ? 48 : widthPx }}>
            <ProjectList isRail={isNarrow} selectedId={selectedId}>
              {isNarrow ? null : <ListResizer />}
            </ProjectList>
          </div>
        )}
        <main className={css('main')} data-region="main" tabIndex={-1}>
          <Suspense>{isListDrawn && <MainPage selectedId={selectedId} />}</Suspense>
        </main>
      </div>
      <StatusBar />
      <Suspense>{isListDrawn && <Overlays />}</Suspense>
    </div>
  );
}

/** The chosen project; while it does not exist, the first of the list. */
function useSelectedId(): string | null {
  const { ui } = useApp();
  const chosen = useUi((state) => state.selectedId);
  const shown = useReady(({ projects, snapshot }) =>
    chosen !== null && projects.has(chosen) ? chosen : (toListOrder(snapshot.projects)[0] ?? null),
  );
  // From now on it is chosen: it must not change because the list's order does.
  useEffect(() => {
    if (shown !== chosen) ui.update((state) => ({ ...state, selectedId: shown }));
  }, [ui, shown, chosen]);
  return shown;
}

/** The tray and notifications bring a project into view. */
function useShowProject(): void {
  const { api, actions, terminals, ui } = useApp();
  useEffect(() => api.on('showPage', ({ page }) => ui.update((state) => ({ ...state, page }))), [api, ui]);
  useEffect(
    () =>
      api.on('showProject', ({ projectId, part }) => {
        const hasTab = tabsOf(terminals.store.get(), projectId).length > 0;
        if (part === 'terminal' && !hasTab) actions.perform('open-terminal', projectId);
        else if (part === 'stop-without-saving') {
          actions.show(projectId);
          actions.perform(part, projectId);
        } else actions.show(projectId, part ?? undefined);
      }),
    [api, actions, terminals],
  );
}
