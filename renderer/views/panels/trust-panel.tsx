import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import type { Difference, Grant, ProjectState, TrustState } from '../../../preload/contract/snapshot.ts';
import { useApp } from '../../store/app-context.ts';
import { toVisibleBlock, toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import styles from './panel.module.css';
import trustStyles from './trust-panel.module.css';

const css = bindClasses({ ...styles, ...trustStyles });

type Untrusted = Extract<TrustState, { status: 'untrusted' }>;

interface TrustPanelProps {
  readonly project: ProjectState;
  readonly trust: Untrusted;
  /** Back to where one came from, where there is something to go back to. */
  readonly onClose: (() => void) | null;
}

/** What the container would get, told before anything of the folder runs. The answer waits until all of it was seen. */
export function TrustPanel({ project, trust, onClose }: TrustPanelProps): ReactNode {
  const { actions } = useApp();
  const end = useRef<HTMLDivElement>(null);
  const isRead = useSeen(end);
  const changes = new Map(trust.differences.map((difference) => [difference.key, difference]));
  const removed = trust.differences.filter(({ key }) => !trust.grants.some((grant) => grant.key === key));
  const isRunning = project.container.status === 'running';
  return (
    <section className={css('panel')} aria-labelledby="trust-title">
      <div className={css('body')} tabIndex={0} role="region" aria-label="What the container gets" data-step>
        <h2 id="trust-title" className={css('title')}>
          {trust.trustedBefore ? 'This folder asks for something new' : 'Review what this folder asks for'}
        </h2>
        <p className={css('lead')}>
          {trust.trustedBefore
            ? 'What changed since your last answer is marked. Nothing new runs before you say so.'
            : 'Nothing of it has run yet. This is all that its container would get on your machine.'}
        </p>
        <ul className={css('grants')}>
          {trust.grants.map((grant) => (
            <GrantRow
              key={grant.key}
              grant={grant}
              change={changes.get(grant.key)}
              isNewFolder={!trust.trustedBefore}
            />
          ))}
          {removed.map((difference) => (
            <li key={difference.key} className={css('grant')}>
              <span className={css('label')}>{toVisibleText(difference.key)}</span>
              <span className={css('what')}>
                <span className={css('mark')}>No longer asked for</span>{' '}
                <del>
                  <code>{toVisibleText(difference.before ?? '')}</code>
                </del>
              </span>
            </li>
          ))}
        </ul>
        <div ref={end} className={css('end')} />
        <details className={css('request')}>
          <summary>Exact request to the engine</summary>
          <pre tabIndex={0} aria-label="Exact request to the engine">
            {toVisibleBlock(trust.createRequest)}
          </pre>
        </details>
      </div>
      <footer className={css('footer')}>
        <p className={css('hint')} role="status">
          {isRead ? '' : 'Read to the end of the list to answer.'}
        </p>
        {onClose !== null && <Button onPress={onClose}>Not now</Button>}
        <Button
          kind="primary"
          isDisabled={!isRead}
          onPress={() => void actions.trustAndStart(project.id, trust.trustHash)}
        >
          {isRunning ? 'Trust' : 'Trust and start'}
        </Button>
      </footer>
    </section>
  );
}

interface GrantRowProps {
  readonly grant: Grant;
  readonly change: Difference | undefined;
  readonly isNewFolder: boolean;
}

function GrantRow({ grant, change, isNewFolder }: GrantRowProps): ReactNode {
  const isChanged = change !== undefined && !isNewFolder;
  return (
    <li className={css('grant', isChanged && 'changed')}>
      <span className={css('label')}>{toVisibleText(grant.label)}</span>
      <span className={css('what')}>
        {isChanged && <span className={css('mark')}>{change.before === null ? 'New' : 'Changed'}</span>}
        <code className={css('selectable')}>{toVisibleText(grant.value)}</code>
        {isChanged && change.before !== null && (
          <span className={css('before')}>
            was <code>{toVisibleText(change.before)}</code>
          </span>
        )}
        <span className={css('meaning')}>{toVisibleText(grant.meaning)}</span>
      </span>
    </li>
  );
}

/** True once the element has been in sight: scrolled to, or visible from the start. */
function useSeen(element: RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return seen;
}
