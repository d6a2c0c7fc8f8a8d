import type { ReactNode } from 'react';
import { Meter } from 'react-aria-components';
import type { VaultState } from '../../../preload/contract/vault.ts';
import { formatBytes } from '../../words/units.ts';
import { toVisibleText } from '../../words/visible-text.ts';
import { usedWords } from '../../words/vault-words.ts';
import { bindClasses } from '../classes.ts';
import styles from './vault-tab.module.css';

const css = bindClasses(styles);

/** How full an open vault is, and what is in it: names and sizes, never contents. */
export function VaultContentView({ vault }: { readonly vault: VaultState }): ReactNode {
  const { content, limitBytes } = vault;
  if (content === null) return <p className={css('quiet')}>Not looked at yet.</p>;
  const hidden = content.memberCount - content.members.length;
  return (
    <>
      <Meter
        className={css('meter')}
        aria-label="Used space"
        value={content.usedBytes}
        maxValue={limitBytes}
        valueLabel={usedWords(vault)}
      >
        {({ percentage }) => (
          <>
            <span className={css('track')}>
              <span className={css('fill')} style={{ transform: `scaleX(${percentage / 100})` }} />
            </span>
            <span className={css('used')}>{usedWords(vault)}</span>
          </>
        )}
      </Meter>
      {content.members.length === 0 ? (
        <p className={css('quiet')}>
          It is empty. Put files into <code>~/secrets</code> in the terminal.
        </p>
      ) : (
        <table className={css('members')}>
          <caption className={css('caption')}>{content.memberCount} in it</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" className={css('size')}>
                Size
              </th>
            </tr>
          </thead>
          <tbody>
            {content.members.map(({ path, kind, sizeBytes }) => (
              <tr key={path}>
                <td>
                  <code className={css('member')}>
                    {toVisibleText(path)}
                    {kind === 'directory' ? '/' : ''}
                  </code>
                  {kind === 'symlink' && <span className={css('quiet')}> link</span>}
                </td>
                <td className={css('size')}>{kind === 'file' ? formatBytes(sizeBytes) : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {hidden > 0 && <p className={css('quiet')}>and {hidden} more</p>}
    </>
  );
}
