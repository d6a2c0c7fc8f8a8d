import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { ProjectState } from '../../preload/contract/snapshot.ts';
import { useApp } from '../store/app-context.ts';
import { stateWords } from '../words/project-words.ts';
import { toVisibleName } from '../words/visible-text.ts';
import { bindClasses } from './classes.ts';
import styles from './app.module.css';

const css = bindClasses(styles);

/** Changes within this time, in milliseconds, are told in one go. */
const gatherMs = 400;

/** More than this at once is noise. */
const maxTold = 3;

/** Tells screen readers which projects changed their state, and the engine's coming and going. */
export function Announcer(): ReactNode {
  const { app } = useApp();
  const [text, setText] = useState('');
  const told = useRef<ReadonlyMap<string, string> | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      timer = undefined;
      const state = app.get();
      if (state.status !== 'ready') return;
      const words = toWords(state.snapshot.projects, state.snapshot.engine.status);
      const before = told.current;
      told.current = words;
      if (before === null) return;
      const changed = [...words].filter(([id, word]) => before.has(id) && before.get(id) !== word);
      if (changed.length > 0)
        setText(
          changed
            .slice(0, maxTold)
            .map(([, word]) => word)
            .join('. '),
        );
    };
    const gather = (): void => {
      timer ??= setTimeout(tell, gatherMs);
    };
    gather();
    const stop = app.subscribe(gather);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [app]);
  return (
    <div className={css('spoken')} role="status" aria-live="polite">
      {text}
    </div>
  );
}

/** Without ages: those change all the time. */
function toWords(projects: readonly ProjectState[], engine: string): ReadonlyMap<string, string> {
  const words = new Map([['engine', engine === 'ready' ? 'The engine answers' : 'No engine answers']]);
  for (const project of projects) {
    const started =
      project.container.status === 'running'
        ? { ...project, container: { ...project.container, startedAtMs: null } }
        : project;
    words.set(project.id, `${toVisibleName(project.name)}: ${stateWords(started, 0)}`);
  }
  return words;
}
