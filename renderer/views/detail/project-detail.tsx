import { useLayoutEffect, useState, type ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { useApp, useReady, useUi } from '../../store/app-context.ts';
import { withEntry, type ProjectTab } from '../../store/ui-state.ts';
import { syncNeed } from '../../words/sync-words.ts';
import { bindClasses } from '../classes.ts';
import { ActivityTab } from '../panels/activity-tab.tsx';
import { ConfigTab } from '../panels/config-tab.tsx';
import { FolderMissingPanel, NoEnginePanel } from '../panels/empty-panels.tsx';
import { InitPanel } from '../panels/init-panel.tsx';
import { PortsTab } from '../panels/ports-tab.tsx';
import { SyncTab } from '../sync/sync-tab.tsx';
import { StatsTab } from '../panels/stats-tab.tsx';
import { TrustPanel } from '../panels/trust-panel.tsx';
import { VaultTab } from '../panels/vault-tab.tsx';
import { useSteadyProject } from '../use-steady-project.ts';
import { TerminalPane } from '../terminal/terminal-pane.tsx';
import { Notices } from './notices.tsx';
import styles from './project-detail.module.css';
import { ProjectHeader } from './project-header.tsx';

const css = bindClasses(styles);

const tabs: readonly { readonly id: ProjectTab; readonly label: string }[] = [
  { id: 'terminal', label: 'Terminal' },
  { id: 'vault', label: 'Vault' },
  { id: 'stats', label: 'Stats' },
  { id: 'ports', label: 'Ports' },
  { id: 'sync', label: 'Sync' },
  { id: 'config', label: 'Config' },
  { id: 'activity', label: 'Activity' },
];

/** Everything of one project. */
export function ProjectDetail({ id }: { readonly id: string }): ReactNode {
  const { ui } = useApp();
  const project = useSteadyProject(id);
  const tab = useUi((state) => state.tabs.get(id) ?? 'terminal');
  const [terminalTab, setTerminalTab] = useState<HTMLElement | null>(null);
  if (project === undefined) return null;
  return (
    <div className={css('detail')}>
      <ProjectHeader project={project} />
      <Notices project={project} />
      <Tabs
        className={css('tabs')}
        selectedKey={tab}
        onSelectionChange={(key) =>
          ui.update((state) => ({ ...state, tabs: withEntry(state.tabs, id, key as ProjectTab) }))
        }
      >
        <TabList className={css('tabList')} aria-label="Project">
          {tabs.map((one) => (
            <Tab
              key={one.id}
              id={one.id}
              className={css('tab')}
              {...(one.id === 'terminal' && { ref: setTerminalTab })}
            >
              {one.label}
              {one.id === 'config' && <ConfigMark project={project} />}
              {one.id === 'sync' && <SyncMark project={project} />}
            </Tab>
          ))}
        </TabList>
        {tab === 'terminal' && (
          <BusyPanel tab={terminalTab}>
            <FirstTab key={id} project={project} />
          </BusyPanel>
        )}
        <TabPanel id="vault" className={css('panel')}>
          <VaultTab key={id} project={project} />
        </TabPanel>
        <TabPanel id="stats" className={css('panel')}>
          <StatsTab key={id} project={project} />
        </TabPanel>
        <TabPanel id="ports" className={css('panel')}>
          <PortsTab key={id} project={project} />
        </TabPanel>
        <TabPanel id="sync" className={css('panel')}>
          <SyncTab key={id} project={project} />
        </TabPanel>
        <TabPanel id="config" className={css('panel')}>
          <ConfigTab key={id} project={project} />
        </TabPanel>
        <TabPanel id="activity" className={css('panel')}>
          <ActivityTab key={id} project={project} />
        </TabPanel>
      </Tabs>
    </div>
  );
}

/**
 * A panel like TabPanel, for what changes with every letter and always has something to focus: TabPanel looks for that again
 * at each change below it, and a letter would wait for the page's style meanwhile.
 */
function BusyPanel({ tab, children }: { readonly tab: HTMLElement | null; readonly children: ReactNode }): ReactNode {
  const [ids, setIds] = useState({ panel: '', tab: '' });
  useLayoutEffect(() => {
    if (tab === null) return undefined;
    // A tab says which panel it controls once it is drawn as the selected one, which may be after this.
    const read = (): void => setIds({ panel: tab.getAttribute('aria-controls') ?? '', tab: tab.id });
    const observer = new MutationObserver(read);
    observer.observe(tab, { attributeFilter: ['aria-controls', 'id'] });
    read();
    return () => observer.disconnect();
  }, [tab]);
  return (
    <div role="tabpanel" className={css('panel')} id={ids.panel} aria-labelledby={ids.tab}>
      {children}
    </div>
  );
}

function ConfigMark({ project: { config } }: { readonly project: ProjectState }): ReactNode {
  const count =
    config.status === 'invalid'
      ? Math.max(1, config.problems.length)
      : config.status === 'valid'
        ? config.warnings.length
        : 0;
  if (count === 0) return null;
  const what = config.status === 'invalid' ? 'errors' : 'warnings';
  return (
    <span className={css('count', config.status)} title={`${count} ${what}`}>
      {count}
      <span className={css('spoken')}> {what}</span>
    </span>
  );
}

/** Something waits for a choice, or was not pushed. */
function SyncMark({ project: { sync } }: { readonly project: ProjectState }): ReactNode {
  const need = syncNeed(sync);
  if (need === null) return null;
  return (
    <span className={css('count')} title={need}>
      <span aria-hidden="true">!</span>
      <span className={css('spoken')}> {need}</span>
    </span>
  );
}

/** The terminal, or whatever has to come before one: the steps of the guided entry, in place. */
function FirstTab({ project }: { readonly project: ProjectState }): ReactNode {
  const { ui } = useApp();
  const engine = useReady(({ snapshot }) => snapshot.engine);
  const isReviewing = useUi((state) => state.reviewingId === project.id);
  const { trust } = project;
  const isUp = project.container.status === 'running' || project.container.status === 'paused';
  const stopReviewing = (): void => ui.update((state) => ({ ...state, reviewingId: null }));
  if (project.folderStatus !== 'present') return <FolderMissingPanel project={project} />;
  if (!isUp || isReviewing) {
    if (project.config.status === 'absent') return <InitPanel project={project} />;
    if (project.config.status === 'invalid') return <ConfigTab project={project} />;
    if (trust.status === 'untrusted') {
      return <TrustPanel key={trust.trustHash} project={project} trust={trust} onClose={isUp ? stopReviewing : null} />;
    }
    if (engine.status === 'away') return <NoEnginePanel engine={engine} />;
  }
  return <TerminalPane project={project} />;
}
