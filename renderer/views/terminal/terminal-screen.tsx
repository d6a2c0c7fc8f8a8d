import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useApp } from '../../store/app-context.ts';
import { useStore } from '../../store/use-store.ts';
import { endWords, tabWords, type TerminalTab } from '../../terminal/tabs-state.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { FailureNote } from '../controls/failure-note.tsx';
import { CenterPanel } from '../panels/center-panel.tsx';
import { FindBar } from './find-bar.tsx';
import { findBarOpen } from './find-state.ts';
import { LinkQuestion } from './link-question.tsx';
import { TerminalMenu } from './terminal-menu.tsx';
import styles from './terminal-pane.module.css';

const css = bindClasses(styles);

/** The terminal in front, with what there is to say about it. */
export function TerminalScreen({ tab }: { readonly tab: TerminalTab }): ReactNode {
  const { terminals } = useApp();
  const finds = useStore(findBarOpen, (isOpen) => isOpen);
  if (tab.status === 'elsewhere') {
    return (
      <CenterPanel
        title="Shown in another window"
        actions={<Button onPress={() => terminals.bringBack(tab.key)}>Show it here</Button>}
      >
        A terminal is drawn in one window at a time; what runs in it goes on.
      </CenterPanel>
    );
  }
  return (
    <div className={css('screen')} data-region="terminal">
      {finds && <FindBar tab={tab} />}
      <Screen tab={tab} />
      {tab.status === 'ended' && tab.end !== null && (
        <div className={css('ended')} role="status">
          <span>{endWords(tab.end)}.</span>
          <Button onPress={() => terminals.reconnect(tab.key)}>Reconnect</Button>
          <Button kind="quiet" onPress={() => terminals.close(tab.key)}>
            Close tab
          </Button>
        </div>
      )}
      {tab.status === 'failed' && tab.failure !== null && (
        <div className={css('failed')}>
          <FailureNote failure={tab.failure}>
            <Button onPress={() => terminals.reconnect(tab.key)}>Retry</Button>
          </FailureNote>
        </div>
      )}
      <LinkQuestion />
    </div>
  );
}

/** Where xterm.js lives while its tab is in front. */
function Screen({ tab }: { readonly tab: TerminalTab }): ReactNode {
  const { terminals } = useApp();
  const pane = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<{ readonly x: number; readonly y: number } | null>(null);
  const { key } = tab;
  useEffect(() => {
    const { current } = pane;
    if (current === null) return undefined;
    void terminals.show(key, current).then(() => terminals.viewOf(key)?.terminal.focus());
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
  }, [terminals, key]);
  return (
    <>
      <div
        ref={pane}
        className={css('xterm')}
        role="group"
        aria-label={`Terminal ${tabWords(tab)}`}
        data-terminal={key}
        onContextMenu={(event) => {
          event.preventDefault();
          setMenu({ x: event.clientX, y: event.clientY });
        }}
      />
      {menu !== null && <TerminalMenu tabKey={key} x={menu.x} y={menu.y} onClose={() => setMenu(null)} />}
    </>
  );
}
