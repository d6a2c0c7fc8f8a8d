import type { CSSProperties, KeyboardEvent, PointerEvent, ReactNode, RefObject } from 'react';
import { maxShare, minShare, type Divider } from '../../terminal/pane-tree.ts';
import { bindClasses } from '../classes.ts';
import styles from './terminal-pane.module.css';

const css = bindClasses(styles);

/** What an arrow key moves it by, as a share. */
const keyStep = 0.02;

interface PaneDividerProps {
  readonly divider: Divider;
  /** The element that all panes of the tab lie in. */
  readonly area: RefObject<HTMLElement | null>;
  readonly onChange: (share: number) => void;
}

/** The line between two parts of a tab; dragged, or moved with the arrow keys, a double click halves. */
export function PaneDivider({ divider, area, onChange }: PaneDividerProps): ReactNode {
  const { direction, share } = divider;
  const isUpright = direction === 'right';
  const drag = (event: PointerEvent): void => {
    if ((event.buttons & 1) === 0 || area.current === null) return;
    onChange(shareAt(divider, area.current.getBoundingClientRect(), event));
  };
  const press = (event: KeyboardEvent): void => {
    const next = shareAfter(event.key, share, isUpright);
    if (next === null) return;
    event.preventDefault();
    onChange(next);
  };
  return (
    <div
      className={css('divider', direction)}
      style={toStyle(divider)}
      role="separator"
      aria-orientation={isUpright ? 'vertical' : 'horizontal'}
      aria-label={isUpright ? 'Width of what is at the left' : 'Height of what is above'}
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={minShare * 100}
      aria-valuemax={maxShare * 100}
      aria-valuetext={`${Math.round(share * 100)} %`}
      tabIndex={0}
      onKeyDown={press}
      // A drag leaves the focus in the terminal.
      onMouseDown={(event) => event.preventDefault()}
      onDoubleClick={() => onChange(0.5)}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
    />
  );
}

/** The share that a key asks for; null where it asks for none. */
function shareAfter(key: string, share: number, isUpright: boolean): number | null {
  switch (key) {
    case isUpright ? 'ArrowLeft' : 'ArrowUp':
      return share - keyStep;
    case isUpright ? 'ArrowRight' : 'ArrowDown':
      return share + keyStep;
    case 'Home':
      return minShare;
    case 'End':
      return maxShare;
    default:
      return null;
  }
}

/** The share at which the divider is under the pointer. */
function shareAt({ direction, box }: Divider, area: DOMRect, { clientX, clientY }: PointerEvent): number {
  return direction === 'right'
    ? (((clientX - area.left) / area.width) * 100 - box.left) / box.width
    : (((clientY - area.top) / area.height) * 100 - box.top) / box.height;
}

function toStyle({ direction, share, box }: Divider): CSSProperties {
  return direction === 'right'
    ? { left: `${box.left + box.width * share}%`, top: `${box.top}%`, height: `${box.height}%` }
    : { left: `${box.left}%`, top: `${box.top + box.height * share}%`, width: `${box.width}%` };
}
