import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { nextStepOf, symlinkTargetOf } from '../../actions/failure-actions.ts';
import { useApp, useUi } from '../../store/app-context.ts';
import type { Refusal } from '../../store/ui-state.ts';
import { toShortPath, toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button, IconButton } from '../controls/button.tsx';
import { FailureNote } from '../controls/failure-note.tsx';
import { StateGlyph } from '../controls/state-glyph.tsx';
import styles from './overlays.module.css';

const css = bindClasses(styles);

/** Folders that could not be registered, each with why and what to do, where they were dropped. */
export function Refusals(): ReactNode {
  const { ui } = useApp();
  const refusals = useUi((state) => state.refusals);
  const refused = useUi((state) => state.refusedCommand);
  const dismiss = (folder: string): void =>
    ui.update((state) => ({ ...state, refusals: state.refusals.filter((one) => one.folder !== folder) }));
  if (refusals.length === 0 && refused === null) return null;
  return (
    <section className={css('refusals')} aria-label="Refused" role="alert">
      {refused !== null && (
        <FailureNote failure={refused}>
          <Button kind="quiet" onPress={() => ui.update((state) => ({ ...state, refusedCommand: null }))}>
            Dismiss
          </Button>
        </FailureNote>
      )}
      {refusals.length > 0 && (
        <ul className={css('cards')}>
          {refusals.map((refusal) => (
            <RefusalCard key={refusal.folder} refusal={refusal} onDismiss={() => dismiss(refusal.folder)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function RefusalCard({ refusal, onDismiss }: { readonly refusal: Refusal; readonly onDismiss: () => void }): ReactNode {
  const { actions } = useApp();
  const { folder, failure } = refusal;
  const target = symlinkTargetOf(failure, folder);
  const register = (path: string): void => {
    onDismiss();
    void actions.registerFolders([path]);
  };
  return (
    <li className={css('card')}>
      <StateGlyph shape="attention" />
      <div className={css('cardText', 'selectable')}>
        <p className={css('cardMessage')}>{toVisibleText(failure.message)}</p>
        {target === null && <p className={css('cardNext')}>{toVisibleText(nextStepOf(failure))}</p>}
        {target !== null && (
          <Button hint={toVisibleText(target)} onPress={() => register(target)}>
            <span className={css('cardTarget')}>Add {toShortPath(target)}</span>
          </Button>
        )}
      </div>
      <IconButton label="Dismiss" icon={<X size={14} aria-hidden="true" />} onPress={onDismiss} />
    </li>
  );
}
