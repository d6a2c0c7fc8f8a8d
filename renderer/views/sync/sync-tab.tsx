import type { ReactNode } from 'react';
import type { Failure } from '../../../preload/contract/errors.ts';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import type { SyncRemote } from '../../../preload/contract/sync.ts';
import { useApp } from '../../store/app-context.ts';
import {
  agoOr,
  loginNeedOf,
  loginPromptOf,
  nextRunWords,
  syncHindrance,
  syncNeed,
  syncTitle,
} from '../../words/sync-words.ts';
import { formatElapsed, formatMoment } from '../../words/units.ts';
import { toShortPath, toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { FailureNote } from '../controls/failure-note.tsx';
import { StateGlyph } from '../controls/state-glyph.tsx';
import { OperationProgress } from '../detail/operation-progress.tsx';
import panelStyles from '../panels/panel.module.css';
import { useNow } from '../use-time.ts';
import { LoginPanel } from './login-panel.tsx';
import { SyncHistoryList } from './sync-history.tsx';
import { SyncQuestionPanel } from './sync-question.tsx';
import styles from './sync.module.css';
import { useSyncCommand } from './use-sync-command.ts';

const css = bindClasses({ ...panelStyles, ...styles });

/** Where the vault is pushed, how that stands, what waits for a choice, and the versions to bring back. */
export function SyncTab({ project }: { readonly project: ProjectState }): ReactNode {
  const { remote } = project.sync;
  return remote === null ? <NoRemote project={project} /> : <Remote project={project} remote={remote} />;
}

const sample = `sync:
  remote: { type: folder, path: ~/Backup/vaults }`;

function NoRemote({ project }: { readonly project: ProjectState }): ReactNode {
  const { api, actions } = useApp();
  return (
    <div className={css('center')}>
      <h2 className={css('title')}>No remote</h2>
      <p>
        The vault is saved on this machine only. Name a folder or an S3 bucket in <code>.tazpod/config.yaml</code>, and
        each save is pushed there, encrypted.
      </p>
      <pre className={css('sample', 'selectable')}>{sample}</pre>
      <div className={css('centerActions')}>
        <Button onPress={() => void api.request('copyText', sample)}>Copy</Button>
        <Button onPress={() => actions.perform('open-folder', project.id)}>Open folder</Button>
        <Button onPress={() => actions.perform('look-again', project.id)}>Look again</Button>
      </div>
    </div>
  );
}

interface RemoteProps {
  readonly project: ProjectState;
  readonly remote: SyncRemote;
}

function Remote({ project, remote }: RemoteProps): ReactNode {
  const { sync, id } = project;
  const now = useSyncCommand(project);
  const hindrance = syncHindrance(project);
  const isLogin = loginNeedOf(project) !== null || loginPromptOf(project) !== null;
  const failure = sync.failure ?? (sync.question === null ? now.failure : null);
  return (
    <div className={css('panel')}>
      <div className={css('body')} tabIndex={0} role="region" aria-label="Sync">
        <h2 className={css('title', 'state')}>
          <StateGlyph shape={syncNeed(sync) === null ? 'running' : 'attention'} />
          {syncTitle(project)}
        </h2>
        <p className={css('lead', 'selectable')} title={toVisibleText(remote.shown)}>
          {remote.type === 'folder' ? toShortPath(remote.shown) : toVisibleText(remote.shown)}
        </p>
        <LoginPanel project={project} />
        {sync.operations.length > 0 && !isLogin && (
          <div className={css('progress')}>
            <OperationProgress operations={sync.operations} />
          </div>
        )}
        {failure !== null && !isLogin && sync.operations.length === 0 && (
          <FailureNote failure={failure}>
            {isMissing(failure) && (
              <Button isDisabled={hindrance !== null} onPress={() => now.send({ type: 'setupStorage', projectId: id })}>
                {remote.type === 's3' ? 'Make the bucket' : 'Make the folder'}
              </Button>
            )}
          </FailureNote>
        )}
        {sync.question !== null && <SyncQuestionPanel project={project} question={sync.question} />}
        <Facts project={project} remote={remote} />
        <SyncHistoryList project={project} />
      </div>
      <footer className={css('footer')}>
        <p className={css('hint')}>
          {hindrance ?? 'Saves if unlocked, then pushes what changed. Nothing unseen is replaced.'}
        </p>
        <Button
          kind="primary"
          isDisabled={hindrance !== null}
          hint={hindrance ?? undefined}
          onPress={() => now.send({ type: 'syncNow', projectId: id })}
        >
          Sync now
        </Button>
      </footer>
    </div>
  );
}

const isMissing = ({ code }: Failure): boolean => code === 'sync-bucket-missing' || code === 'sync-folder-missing';

function Facts({ project, remote }: RemoteProps): ReactNode {
  const { sync, vault } = project;
  const nowMs = useNow(1000);
  const facts: readonly (readonly [label: string, value: string, atMs: number | null])[] = [
    ['Saved here', agoOr(vault.lastSavedAtMs, 'No vault here', nowMs), vault.lastSavedAtMs],
    ['Pushed', agoOr(sync.lastPushedAtMs, 'Nothing yet', nowMs), sync.lastPushedAtMs],
    ['Last run', agoOr(sync.lastRunAtMs, 'None yet', nowMs), sync.lastRunAtMs],
    ['Next run', nextRunWords(project, nowMs), sync.nextRunAtMs],
    ['Interval', formatElapsed(remote.intervalMs), null],
    ['Copies kept', String(remote.retention), null],
  ];
  return (
    <>
      <dl className={css('facts', 'selectable')}>
        {facts.map(([label, value, atMs]) => (
          <div key={label} className={css('fact')}>
            <dt>{label}</dt>
            <dd title={atMs === null ? undefined : formatMoment(atMs)}>{value}</dd>
          </div>
        ))}
      </dl>
      {sync.byHandReason !== null && (
        <p className={css('byHand', 'selectable')}>
          Pushed by Sync now only: {toVisibleText(sync.byHandReason)}. Without that, two machines could replace each
          other’s vault unseen.
        </p>
      )}
    </>
  );
}
