import type { ReactNode } from 'react';
import type { Difference } from '../../../preload/contract/snapshot.ts';
import { toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import styles from './panel.module.css';

const css = bindClasses(styles);

export interface DifferenceTableProps {
  readonly differences: readonly Difference[];
  readonly before: string;
  readonly after: string;
}

/** What was and what would be, key by key. */
export function DifferenceTable({ differences, before, after }: DifferenceTableProps): ReactNode {
  return (
    <table className={css('differences', 'selectable')}>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">{before}</th>
          <th scope="col">{after}</th>
        </tr>
      </thead>
      <tbody>
        {differences.map((difference) => (
          <tr key={difference.key}>
            <th scope="row">{toVisibleText(difference.key)}</th>
            <td>
              <Value value={difference.before} />
            </td>
            <td>
              <Value value={difference.after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const Value = ({ value }: { readonly value: string | null }): ReactNode =>
  value === null ? <span className={css('nothing')}>none</span> : <code>{toVisibleText(value)}</code>;
