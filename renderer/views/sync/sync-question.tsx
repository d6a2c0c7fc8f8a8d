import type { ReactNode } from 'react';
import type { Command } from '../../../preload/contract/commands.ts';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import type { SyncQuestion, SyncVersion } from '../../../preload/contract/sync.ts';
import { syncHindrance } from '../../words/sync-words.ts';
import { formatAgo, formatBytes, formatMoment } from '../../words/units.ts';
import { toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { FailureNote } from '../controls/failure-note.tsx';
import panelStyles from '../panels/panel.module.css';
import { useNow } from '../use-time.ts';
import { MemberList } from './member-list.tsx';
import styles from './sync.module.css';
import { useSyncCommand } from './use-sync-command.ts';

const css = bindClasses({ ...panelStyles, ...styles });

const explanations: { readonly [Kind in SyncQuestion['kind']]: string } = {
  conflict: 'Choose which one goes on. The other one stays in the history, so nothing is lost by either choice.',
  'offer-pull': 'Take it to go on from there. An unlocked vault is saved and locked first.',
  'ask-adopt': 'It does not say whose it is, as vaults of the Go tool do. Nothing is pushed over it before you say so.',
  'other-vault':
    'Nothing was pushed over it. Give this project a place of its own in .tazpod/config.yaml, with "sync: prefix:".',
};

interface QuestionProps {
  readonly project: ProjectState;
  readonly question: SyncQuestion;
}

/** Both versions with what is known of them, and what can be chosen. */
export function SyncQuestionPanel({ project, question }: QuestionProps): ReactNode {
  const command = useSyncCommand(project);
  const hindrance = syncHindrance(project);
  const { mine, theirs, kind } = question;
  const choice = (label: string, chosen: Command, isPrimary = false): ReactNode => (
    <Button
      kind={isPrimary ? 'primary' : 'plain'}
      isDisabled={hindrance !== null}
      hint={hindrance ?? undefined}
      onPress={() => command.send(chosen)}
    >
      {label}
    </Button>
  );
  const { id: projectId } = project;
  const { etag } = theirs;
  return (
    <section className={css('question')} aria-label="Choose a version">
      <p className={css('explanation')}>{explanations[kind]}</p>
      <div className={css('versions')}>
        <Version title="On this machine" version={mine}>
          {kind === 'conflict' && choice('Keep this one', { type: 'keepOwnVault', projectId, etag })}
        </Version>
        <Version title="At the remote" version={theirs}>
          {kind === 'conflict' && choice('Take this one', { type: 'pullVault', projectId, etag })}
          {kind === 'offer-pull' && choice('Take this one', { type: 'pullVault', projectId, etag }, true)}
          {kind === 'ask-adopt' && choice('It is this vault', { type: 'adoptRemote', projectId })}
        </Version>
      </div>
      {command.failure !== null && <FailureNote failure={command.failure} />}
    </section>
  );
}

interface VersionProps {
  readonly title: string;
  readonly version: SyncVersion | null;
  readonly children: ReactNode;
}

function Version({ title, version, children }: VersionProps): ReactNode {
  const nowMs = useNow();
  return (
    <div className={css('version')} role="group" aria-label={title}>
      <h3 className={css('versionTitle')}>{title}</h3>
      {version === null ? (
        <p className={css('nothing')}>No vault here</p>
      ) : (
        <>
          <dl className={css('versionFacts', 'selectable')}>
            <dt>Saved</dt>
            <dd title={version.timeMs === null ? undefined : formatMoment(version.timeMs)}>
              {version.timeMs === null ? 'Not told' : formatAgo(version.timeMs, nowMs)}
            </dd>
            <dt>Machine</dt>
            <dd>
              <bdi>{version.machine === null ? 'Not told' : toVisibleText(version.machine)}</bdi>
            </dd>
            <dt>Size</dt>
            <dd>{formatBytes(version.sizeBytes)}</dd>
          </dl>
          {version.members !== null && <MemberList members={version.members} count={version.members.length} />}
        </>
      )}
      <div className={css('choice')}>{children}</div>
    </div>
  );
}
