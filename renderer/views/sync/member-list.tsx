import type { ReactNode } from 'react';
import type { VaultMember } from '../../../preload/contract/vault.ts';
import { formatBytes } from '../../words/units.ts';
import { toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import styles from './sync.module.css';

const css = bindClasses(styles);

export interface MemberListProps {
  readonly members: readonly VaultMember[];
  /** How many there are in all. */
  readonly count: number;
}

/** Names and sizes of what a version holds, never contents. */
export function MemberList({ members, count }: MemberListProps): ReactNode {
  if (count === 0) return <p className={css('quiet')}>It holds nothing.</p>;
  return (
    <ul className={css('members', 'selectable')} aria-label="Holds" tabIndex={0}>
      {members.map(({ path, kind, sizeBytes }) => (
        <li key={path} className={css('member')}>
          <code title={toVisibleText(path)}>{toVisibleText(kind === 'directory' ? `${path}/` : path)}</code>
          <span className={css('size')}>{kind === 'file' ? formatBytes(sizeBytes) : ''}</span>
        </li>
      ))}
      {count > members.length && <li className={css('quiet')}>and {count - members.length} more</li>}
    </ul>
  );
}
