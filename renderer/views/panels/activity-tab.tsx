import type { ReactNode } from 'react';
import type { ActivityEntry, ProjectState } from '../../../preload/contract/snapshot.ts';
import { useApp } from '../../store/app-context.ts';
import { formatAgo, formatDuration, formatMoment } from '../../words/units.ts';
import { toVisibleBlock, toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { useNow } from '../use-time.ts';
import activityStyles from './activity-tab.module.css';
import styles from './panel.module.css';

const css = bindClasses({ ...styles, ...activityStyles });

const outcomeWords = { done: 'Done', failed: 'Failed', cancelled: 'Cancelled', notice: 'Notice' } as const;

/** What the app did with the project, how it ended and how long it took; the newest first. */
export function ActivityTab({ project }: { readonly project: ProjectState }): ReactNode {
  const nowMs = useNow();
  const entries = project.activity.toReversed();
  if (entries.length === 0) {
    return (
      <div className={css('center')}>
        <h2 className={css('title')}>Nothing happened yet</h2>
        <p>Whatever TazPod does with this project shows here, with how long it took.</p>
      </div>
    );
  }
  return (
    <div className={css('panel')}>
      <div className={css('scroll')} tabIndex={0} role="region" aria-label="Activity">
        <ol>
          {entries.map((entry, index) => (
            <Entry key={`${entry.atMs} ${entries.length - index}`} entry={entry} nowMs={nowMs} />
          ))}
        </ol>
      </div>
    </div>
  );
}

function Entry({ entry, nowMs }: { readonly entry: ActivityEntry; readonly nowMs: number }): ReactNode {
  const { atMs, outcome, text, durationMs, failure, output } = entry;
  const details = output?.text.trim() || failure?.details;
  return (
    <li className={css('entry')}>
      <time className={css('when')} dateTime={new Date(atMs).toISOString()} title={formatMoment(atMs)}>
        {formatAgo(atMs, nowMs)}
      </time>
      <span className={css('outcome', outcome)}>{outcomeWords[outcome]}</span>
      <div className={css('text', 'selectable')}>
        <span>{toVisibleBlock(text)}</span>
        {details !== undefined && <Details message={failure?.message ?? text} details={details} />}
      </div>
      <span className={css('took')}>{durationMs === undefined ? '' : formatDuration(durationMs)}</span>
    </li>
  );
}

function Details({ message, details }: { readonly message: string; readonly details: string }): ReactNode {
  const { api } = useApp();
  return (
    <details className={css('details')}>
      <summary>Details</summary>
      <pre>{toVisibleBlock(details)}</pre>
      <Button kind="quiet" onPress={() => void api.request('copyText', `${toVisibleText(message)}\n${details}`)}>
        Copy
      </Button>
    </details>
  );
}
