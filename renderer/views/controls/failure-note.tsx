import { Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Failure } from '../../../preload/contract/errors.ts';
import { nextStepOf } from '../../actions/failure-actions.ts';
import { useApp } from '../../store/app-context.ts';
import { toVisibleBlock } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from './button.tsx';
import styles from './failure-note.module.css';
import { StateGlyph } from './state-glyph.tsx';

const css = bindClasses(styles);

export interface FailureNoteProps {
  readonly failure: Failure;
  /** What helps, where a button does. */
  readonly children?: ReactNode;
}

/** What happened, why, what to do, a button for it; details folded. Stays where it belongs, never over other things. */
export function FailureNote({ failure, children }: FailureNoteProps): ReactNode {
  const { message, details } = failure;
  return (
    <div className={css('note')} role="alert">
      <span className={css('glyph')}>
        <StateGlyph shape="error" />
      </span>
      <div className={css('text')}>
        <p className={css('message', 'selectable')}>{toVisibleBlock(message)}</p>
        <p className={css('next', 'selectable')}>{toVisibleBlock(nextStepOf(failure))}</p>
        {details !== undefined && details !== '' && <FailureDetails failure={failure} details={details} />}
      </div>
      {children !== undefined && <div className={css('actions')}>{children}</div>}
    </div>
  );
}

function FailureDetails({ failure, details }: { readonly failure: Failure; readonly details: string }): ReactNode {
  const { api } = useApp();
  const text = `${failure.message}\n${failure.nextStep}\n${failure.code}\n${details}`;
  return (
    <details className={css('details')}>
      <summary>Details</summary>
      <pre className={css('output')} tabIndex={0} aria-label="Details">
        {toVisibleBlock(details)}
      </pre>
      <Button kind="quiet" onPress={() => void api.request('copyText', text)}>
        <Copy size={14} aria-hidden="true" /> Copy
      </Button>
    </details>
  );
}
