import type { ReactNode } from 'react';
import { bindClasses } from '../classes.ts';
import styles from './panel.module.css';

const css = bindClasses(styles);

export interface CenterPanelProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  /** Said below, more quietly. */
  readonly foot?: ReactNode;
}

/** One sentence, one button, and what happens next: for places where there is nothing to list. */
export function CenterPanel({ title, children, actions, foot }: CenterPanelProps): ReactNode {
  return (
    <section className={css('center')} aria-label={title}>
      <h2 className={css('title')}>{title}</h2>
      <p>{children}</p>
      {actions !== undefined && <div className={css('centerActions')}>{actions}</div>}
      {foot !== undefined && <p className={css('quietText')}>{foot}</p>}
    </section>
  );
}
