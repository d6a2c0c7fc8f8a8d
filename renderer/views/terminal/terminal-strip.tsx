import { AppWindow, Plus, Search, SquareSplitHorizontal, SquareSplitVertical } from 'lucide-react';
import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import { keyLabel } from '../../keys/key-map.ts';
import { useApp, useIsMac } from '../../store/app-context.ts';
import { useStore } from '../../store/use-store.ts';
import { canSplit, paneOf, type TerminalTab } from '../../terminal/tabs-state.ts';
import { bindClasses } from '../classes.ts';
import { IconButton } from '../controls/button.tsx';
import { findBarPane } from './find-state.ts';
import { StripTab } from './strip-tab.tsx';
import styles from './terminal-pane.module.css';

const css = bindClasses(styles);

interface StripProps {
  readonly projectId: string;
  readonly tabs: readonly TerminalTab[];
  readonly front: TerminalTab;
  readonly canOpen: boolean;
}

/** The tabs, and what can be done with the one in front. */
export function TerminalStrip({ projectId, tabs, front, canOpen }: StripProps): ReactNode {
  const { terminals, actions } = useApp();
  const isMac = useIsMac();
  const isLive = useStore(terminals.store, (state) => paneOf(state, front.active)?.status === 'live');
  const strip = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = tabs[tabs.indexOf(front) + step];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    terminals.activate(projectId, next.key);
    strip.current?.querySelector<HTMLElement>(`[data-tab-key="${next.key}"]`)?.focus();
  };
  return (
    <div className={css('strip')}>
      <div ref={strip} className={css('tabs')} role="tablist" aria-label="Terminals" onKeyDown={move}>
        {tabs.map((tab) => (
          <StripTab key={tab.key} tab={tab} isFront={tab.key === front.key} />
        ))}
      </div>
      <span className={css('tools')}>
        <IconButton
          label="New tab"
          keys={keyLabel('Mod-Shift-T', isMac)}
          icon={<Plus size={16} aria-hidden="true" />}
          isDisabled={!canOpen}
          onPress={() => actions.perform('open-terminal', projectId)}
        />
        <span className={css('gap')} />
        <IconButton
          label="Find"
          keys={keyLabel('Mod-Shift-F', isMac)}
          icon={<Search size={15} aria-hidden="true" />}
          onPress={() => findBarPane.set(front.active)}
        />
        <IconButton
          label="Split to the right"
          keys={keyLabel('Mod-Shift-D', isMac)}
          icon={<SquareSplitHorizontal size={15} aria-hidden="true" />}
          isDisabled={!canOpen || !canSplit(front)}
          onPress={() => terminals.split(front.active, 'right')}
        />
        <IconButton
          label="Split downwards"
          keys={keyLabel('Mod-Shift-E', isMac)}
          icon={<SquareSplitVertical size={15} aria-hidden="true" />}
          isDisabled={!canOpen || !canSplit(front)}
          onPress={() => terminals.split(front.active, 'down')}
        />
        <IconButton
          label="Open in its own window"
          icon={<AppWindow size={15} aria-hidden="true" />}
          isDisabled={!isLive}
          onPress={() => terminals.moveOut(front.active)}
        />
      </span>
    </div>
  );
}
