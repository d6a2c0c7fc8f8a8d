import type { ReactNode } from 'react';
import type { StateShape } from '../../words/project-words.ts';
import { bindClasses } from '../classes.ts';
import styles from './state-glyph.module.css';

const css = bindClasses(styles);

/** Shapes on a 14 px grid, told apart without their colour. */
const shapes: { readonly [Shape in StateShape]: ReactNode } = {
  running: <circle cx="7" cy="7" r="4.5" fill="currentColor" />,
  busy: (
    <>
      <circle cx="7" cy="7" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M7 2.75a4.25 4.25 0 0 1 0 8.5z" fill="currentColor" />
    </>
  ),
  stopped: <circle cx="7" cy="7" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  paused: (
    <>
      <rect x="3.25" y="2.75" width="2.75" height="8.5" rx="1" fill="currentColor" />
      <rect x="8" y="2.75" width="2.75" height="8.5" rx="1" fill="currentColor" />
    </>
  ),
  attention: (
    <>
      <path d="M7 1.6 13 12.2H1z" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinejoin="round" />
      <path d="M7 5.4v3.2" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
      <circle cx="7" cy="10.3" r=".85" fill="currentColor" />
    </>
  ),
  error: (
    <>
      <rect x="1.9" y="1.9" width="10.2" height="10.2" rx="2.6" fill="currentColor" />
      <path d="M4.9 4.9l4.2 4.2M9.1 4.9 4.9 9.1" stroke="var(--bg)" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
};

/** A state's shape. The words beside it carry the meaning, so it is hidden from screen readers. */
export function StateGlyph({ shape }: { readonly shape: StateShape }): ReactNode {
  return (
    <svg className={css('glyph', shape)} viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
      {shapes[shape]}
    </svg>
  );
}
