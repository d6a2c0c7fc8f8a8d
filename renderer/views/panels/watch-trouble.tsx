import type { ReactNode } from 'react';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { FailureNote } from '../controls/failure-note.tsx';
import styles from './panel.module.css';
import type { Watching } from './use-watch.ts';

const css = bindClasses(styles);

/** Why nothing follows any more, and the way to look again. */
export function WatchTrouble({ watching: { trouble, watchAgain } }: { readonly watching: Watching }): ReactNode {
  if (trouble === null) return null;
  const again = <Button onPress={watchAgain}>Look again</Button>;
  if (trouble !== 'ended') return <FailureNote failure={trouble}>{again}</FailureNote>;
  return (
    <p className={css('ended')} role="status">
      The engine tells no more about this container. {again}
    </p>
  );
}
