import type { ReactNode } from 'react';
import { useReady, useUi } from '../store/app-context.ts';
import styles from './app.module.css';
import { bindClasses } from './classes.ts';
import { ProjectDetail } from './detail/project-detail.tsx';
import { DoctorPage } from './doctor/doctor-page.tsx';
import { ConfirmDialog } from './overlays/confirm-dialog.tsx';
import { DropTarget } from './overlays/drop-target.tsx';
import { Palette } from './overlays/palette.tsx';
import { Refusals } from './overlays/refusals.tsx';
import { NoEnginePanel, NoProjectsPanel } from './panels/empty-panels.tsx';
import { SettingsPage } from './settings/settings-page.tsx';

const css = bindClasses(styles);

/** What the main window shows beside its list: a project, the settings, or why there is nothing to show. */
export function MainPage({ selectedId }: { readonly selectedId: string | null }): ReactNode {
  const page = useUi((state) => state.page);
  const engine = useReady(({ snapshot }) => snapshot.engine);
  if (page === 'settings') return <SettingsPage />;
  if (page === 'doctor') return <DoctorPage key={selectedId} projectId={selectedId} />;
  if (selectedId !== null) return <ProjectDetail id={selectedId} />;
  return (
    <>
      <h1 className={css('spoken')}>TazPod Desktop</h1>
      {engine.status === 'away' ? <NoEnginePanel engine={engine} /> : <NoProjectsPanel />}
    </>
  );
}

/** What comes over the main window, each by itself where it is asked for. */
export function Overlays(): ReactNode {
  return (
    <>
      <Refusals />
      <Palette />
      <ConfirmDialog />
      <DropTarget />
    </>
  );
}
