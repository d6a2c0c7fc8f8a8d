import { Bell, X } from 'lucide-react';
import { useEffect, useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useApp } from '../../store/app-context.ts';
import { haveSameItems, useStore } from '../../store/use-store.ts';
import { panesOf, tabWords, type Pane, type TerminalTab } from '../../terminal/tabs-state.ts';
import { bindClasses } from '../classes.ts';
import { renamedTab } from './strip-state.ts';
import styles from './terminal-pane.module.css';

const css = bindClasses(styles);

const statusWords = {
  opening: 'opening',
  unattached: '',
  live: '',
  elsewhere: 'in another window',
  ended: 'ended',
  failed: 'failed',
} as const;

/** A tab of several panes is ended once all of them are. */
function statusOf([first, ...rest]: readonly Pane[]): Pane['status'] {
  const status = first?.status ?? 'opening';
  return rest.every((pane) => pane.status === status) ? status : 'live';
}

interface StripTabProps {
  readonly tab: TerminalTab;
  readonly isFront: boolean;
}

/** One tab: a click shows it, a double click or F2 renames it, dragging moves it. */
export function StripTab({ tab, isFront }: StripTabProps): ReactNode {
  const { terminals } = useApp();
  const isRenaming = useStore(renamedTab, (key) => key === tab.key);
  const status = useStore(terminals.store, (state) => statusOf(panesOf(state, tab)));
  const words = useStore(terminals.store, (state) => tabWords(state, tab));
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (isFront) place.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [isFront]);
  const rename = (name: string | null): void => {
    renamedTab.set(null);
    if (name !== null) terminals.rename(tab.key, name);
    requestAnimationFrame(() => place.current?.querySelector('button')?.focus());
  };
  return (
    <span ref={place} className={css('tab', isFront && 'front', status)} data-tab-place {...useTabDrag(tab.key)}>
      {isRenaming ? (
        <NameField words={words} onDone={rename} />
      ) : (
        <TabButton tab={tab} isFront={isFront} onRename={() => renamedTab.set(tab.key)} />
      )}
      <button
        type="button"
        className={css('close')}
        tabIndex={-1}
        aria-hidden="true"
        title="Close tab"
        onClick={() => terminals.close(tab.key)}
      >
        <X size={13} aria-hidden="true" />
      </button>
    </span>
  );
}

function TabButton({ tab, isFront, onRename }: StripTabProps & { readonly onRename: () => void }): ReactNode {
  const { terminals } = useApp();
  const panes = useStore(terminals.store, (state) => panesOf(state, tab), haveSameItems);
  const words = useStore(terminals.store, (state) => tabWords(state, tab));
  const title = panes.find(({ key }) => key === tab.active)?.title ?? words;
  const status = statusOf(panes);
  const word = statusWords[status];
  const hasBell = panes.some((pane) => pane.hasBell);
  const count = panes.length > 1 ? `${panes.length} panes` : '';
  return (
    <button
      type="button"
      role="tab"
      className={css('tabButton')}
      aria-selected={isFront}
      aria-label={[words, count, word, hasBell ? 'bell rang' : ''].filter((part) => part !== '').join(', ')}
      aria-keyshortcuts="F2 Delete"
      tabIndex={isFront ? 0 : -1}
      data-tab-key={tab.key}
      title={tab.name === '' ? title : `${tab.name}: ${title}`}
      onClick={() => terminals.activate(tab.projectId, tab.key)}
      onDoubleClick={onRename}
      onAuxClick={(event) => {
        if (event.button === 1) terminals.close(tab.key);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Delete') terminals.close(tab.key);
        else if (event.key === 'F2') onRename();
      }}
    >
      {hasBell && <Bell size={12} aria-hidden="true" className={css('bell')} />}
      <bdi className={css('tabTitle')}>{words}</bdi>
      {panes.length > 1 && (
        <span className={css('tabWord')} title={count}>
          {panes.length}
        </span>
      )}
      {(status === 'ended' || status === 'failed') && <span className={css('tabWord')}>{word}</span>}
    </button>
  );
}

interface NameFieldProps {
  readonly words: string;
  /** With the new name, or null where it was given up. */
  readonly onDone: (name: string | null) => void;
}

function NameField({ words, onDone }: NameFieldProps): ReactNode {
  const isDone = useRef(false);
  const done = (name: string | null): void => {
    // Leaving the field takes it, but only once.
    if (isDone.current) return;
    isDone.current = true;
    onDone(name);
  };
  const press = (event: KeyboardEvent<HTMLInputElement>): void => {
    event.stopPropagation();
    if (event.key === 'Enter') done(event.currentTarget.value);
    else if (event.key === 'Escape') done(null);
  };
  return (
    <input
      className={css('tabName')}
      aria-label="Name of the tab"
      defaultValue={words}
      maxLength={100}
      ref={(field) => field?.select()}
      onKeyDown={press}
      onBlur={(event) => done(event.currentTarget.value)}
    />
  );
}

/** While the pointer is down, the tab takes the place of whichever tab it is over. */
function useTabDrag(key: string): {
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
} {
  const { terminals } = useApp();
  const startX = useRef(0);
  return {
    onPointerDown: (event) => {
      startX.current = event.clientX;
    },
    onPointerMove: (event) => {
      if ((event.buttons & 1) === 0 || Math.abs(event.clientX - startX.current) < dragAfterPx) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const places = [...(event.currentTarget.parentElement?.querySelectorAll('[data-tab-place]') ?? [])];
      const over = places.findIndex((one) => {
        const { left, right } = one.getBoundingClientRect();
        return event.clientX >= left && event.clientX < right;
      });
      if (over >= 0 && places[over] !== event.currentTarget) terminals.move(key, over);
    },
  };
}

/** A click that trembles must not move a tab, in pixels. */
const dragAfterPx = 5;
