import type { ReactNode } from 'react';
import { ProgressBar } from 'react-aria-components';
import type { Operation } from '../../../preload/contract/snapshot.ts';
import { useApp } from '../../store/app-context.ts';
import { fractionOf, kindWords, progressFacts, stepWords } from '../../words/progress-words.ts';
import { countOf, formatElapsed } from '../../words/units.ts';
import { toVisibleBlock } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { useNow } from '../use-time.ts';
import styles from './operation-progress.module.css';

const css = bindClasses(styles);

/** What runs: its step, bytes and layers, how long, and Cancel. */
export function OperationProgress({ operations }: { readonly operations: readonly Operation[] }): ReactNode {
  const [operation, ...waiting] = operations;
  if (operation === undefined) return null;
  return <RunningOperation operation={operation} waiting={waiting} />;
}

/** Lines of a setup command's output in view; its ending in the activity has more. */
const shownLines = 8;

interface RunningProps {
  readonly operation: Operation;
  readonly waiting: readonly Operation[];
}

function RunningOperation({ operation, waiting }: RunningProps): ReactNode {
  const { api } = useApp();
  const nowMs = useNow(1000);
  const fraction = fractionOf(operation);
  const elapsed = formatElapsed(nowMs - (operation.startedAtMs ?? operation.queuedAtMs));
  const facts = [...progressFacts(operation), elapsed];
  const percent = fraction === null ? '' : `${Math.floor(fraction * 100)}%`;
  return (
    <div className={css('operation')}>
      <div className={css('line')}>
        <p className={css('step')}>
          <strong>{kindWords[operation.kind]}</strong> {stepWords[operation.step]}
        </p>
        <p className={css('facts')} title={facts.join(' · ')}>
          {facts.join(' · ')}
        </p>
        <Button
          isDisabled={!operation.cancellable}
          hint={operation.cancellable ? undefined : 'Can’t be cancelled safely at this step'}
          onPress={() => void api.request('execute', { type: 'cancelOperation', operationId: operation.id })}
        >
          Cancel
        </Button>
      </div>
      <ProgressBar
        className={css('bar')}
        aria-label={`${kindWords[operation.kind]}, ${stepWords[operation.step].toLowerCase()}`}
        isIndeterminate={fraction === null}
        value={(fraction ?? 0) * 100}
        valueLabel={percent}
      >
        <div
          className={css('fill', fraction === null && 'unknown')}
          style={fraction === null ? {} : { transform: `scaleX(${fraction})` }}
        />
      </ProgressBar>
      {operation.output !== undefined && (
        <pre className={css('output', 'selectable')} tabIndex={0} role="region" aria-label="Output">
          {toVisibleBlock(operation.output.text).trimEnd().split('\n').slice(-shownLines).join('\n')}
        </pre>
      )}
      {waiting.length > 0 && (
        <p className={css('waiting')}>
          {countOf(waiting.length, 'operation')} waiting:{' '}
          {waiting.map(({ kind }) => kindWords[kind].toLowerCase()).join(', ')}
        </p>
      )}
    </div>
  );
}
