import { useState, type ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import type { HistoryVersion } from '../../../preload/contract/sync.ts';
import { syncHindrance } from '../../words/sync-words.ts';
import { countOf, formatAgo, formatBytes, formatMoment } from '../../words/units.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { FailureNote } from '../controls/failure-note.tsx';
import panelStyles from '../panels/panel.module.css';
import { useNow } from '../use-time.ts';
import styles from './sync.module.css';
import { useSyncCommand } from './use-sync-command.ts';
import { VersionDetail } from './version-detail.tsx';

const css = bindClasses({ ...panelStyles, ...styles });

/** The versions at the remote, asked for by a press; one of them can be looked into and brought back. */
export function SyncHistoryList({ project }: { readonly project: ProjectState }): ReactNode {
  const list = useSyncCommand(project);
  const [chosen, setChosen] = useState<string | null>(null);
  const hindrance = syncHindrance(project);
  const { history } = project.sync;
  return (
    <section aria-label="History">
      <div className={css('historyHead')}>
        <h3 className={css('subtitle')}>History</h3>
        <Button
          isDisabled={hindrance !== null}
          hint={hindrance ?? undefined}
          onPress={() => list.send({ type: 'listHistory', projectId: project.id })}
        >
          {history === null ? 'List versions' : 'List again'}
        </Button>
      </div>
      {list.failure !== null && project.sync.failure === null && <FailureNote failure={list.failure} />}
      {history?.count === 0 && <p className={css('quiet')}>The remote has no versions yet.</p>}
      {history !== null && history.count > 0 && (
        <ul className={css('history')} aria-label="Versions">
          {history.versions.map((version) => (
            <Version
              key={version.name}
              project={project}
              version={version}
              isOpen={chosen === version.name}
              onToggle={() => setChosen(chosen === version.name ? null : version.name)}
            />
          ))}
          {history.count > history.versions.length && (
            <li className={css('quiet', 'rest')}>
              {countOf(history.count - history.versions.length, 'older version')} not shown
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

interface VersionProps {
  readonly project: ProjectState;
  readonly version: HistoryVersion;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function Version({ project, version, isOpen, onToggle }: VersionProps): ReactNode {
  const nowMs = useNow();
  const { name, timeMs, sizeBytes } = version;
  return (
    <li className={css('entry')}>
      <AriaButton className={css('entryButton')} onPress={onToggle} aria-expanded={isOpen}>
        <time dateTime={new Date(timeMs).toISOString()} title={name}>
          {formatMoment(timeMs)}
        </time>
        <span className={css('quiet')}>{formatAgo(timeMs, nowMs)}</span>
        <span className={css('size')}>{formatBytes(sizeBytes)}</span>
      </AriaButton>
      {isOpen && <VersionDetail key={name} project={project} name={name} />}
    </li>
  );
}
