import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { useApp } from '../../store/app-context.ts';
import { useStore } from '../../store/use-store.ts';
import { endWords, type Pane } from '../../terminal/tabs-state.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { FailureNote } from '../controls/failure-note.tsx';
import { CenterPanel } from '../panels/center-panel.tsx';
import { FindBar } from './find-bar.tsx';
import { findBarPane } from './find-state.ts';
import { TerminalMenu } from './terminal-menu.tsx';
import styles from './terminal-pane.module.css';

const css = bindClasses(styles);

export interface TerminalScreenProps {
  readonly pane: Pane;
  /** What a screen reader calls it. */
  readonly label: string;
  /** Keys go to it. */
  readonly isActive: boolean;
  /** The only one of its tab. */
  readonly isAlone: boolean;
}

/** The terminal of a pane, with what there is to say about it. */
export function TerminalScreen(props: TerminalScreenProps): ReactNode {
  const { pane, isAlone } = props;
  const { terminals } = useApp();
  const finds = useStore(findBarPane, (key) => key === pane.key);
  if (pane.status === 'elsewhere') {
    return (
      <CenterPanel
        title="Shown in another window"
        actions={<Button onPress={() => terminals.bringBack(pane.key)}>Show it here</Button>}
      >
        A terminal is drawn in one window at a time; what runs in it goes on.
      </CenterPanel>
    );
  }
  return (
    <div className={css('screen')}>
      {finds && <FindBar paneKey={pane.key} />}
      <Screen {...props} />
      {pane.status === 'ended' && pane.end !== null && (
        <div className={css('ended')} role="status">
          <span>{endWords(pane.end)}.</span>
          <Button onPress={() => terminals.reconnect(pane.key)}>Reconnect</Button>
          <Button kind="quiet" onPress={() => terminals.closePane(pane.key)}>
            {isAlone ? 'Close tab' : 'Close pane'}
          </Button>
        </div>
      )}
      {pane.status === 'failed' && pane.failure !== null && (
        <div className={css('failed')}>
          <FailureNote failure={pane.failure}>
            <Button onPress={() => terminals.reconnect(pane.key)}>Retry</Button>
          </FailureNote>
        </div>
      )}
    </div>
  );
}

/** Where xterm.js lives while its tab is in front. */
function Screen({ pane: { key }, label, isActive }: TerminalScreenProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<{ readonly x: number; readonly y: number } | null>(null);
  useView(key, place, isActive);
  return (
    <>
      <div
        ref={place}
        className={css('xterm')}
        role="group"
        aria-label={label}
        data-terminal={key}
        onContextMenu={(event) => {
          event.preventDefault();
          setMenu({ x: event.clientX, y: event.clientY });
        }}
      />
      {menu !== null && <TerminalMenu paneKey={key} x={menu.x} y={menu.y} onClose={() => setMenu(null)} />}
    </>
  );
}

/** Shows a pane's terminal in an element, fits it there, and gives it the focus where keys go to it. */
function useView(key: string, place: RefObject<HTMLDivElement | null>, isActive: boolean): void {
  const { terminals } = useApp();
  const isWanted = useRef(isActive);
  useEffect(() => {
    const wasWanted = isWanted.current;
    isWanted.current = isActive;
    // The pane that had the focus is gone, and its neighbour goes on.
    if (isActive && !wasWanted && document.activeElement === document.body) terminals.viewOf(key)?.terminal.focus();
  }, [terminals, key, isActive]);
  useEffect(() => {
    const { current } = place;
    if (current === null) return undefined;
    void terminals.show(key, current).then(() => {
      if (isWanted.current) terminals.viewOf(key)?.terminal.focus();
    });
    let frame = 0;
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => terminals.viewOf(key)?.fit());
    });
    observer.observe(current);
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      terminals.hide(key);
    };
  }, [terminals, key, place]);
}
