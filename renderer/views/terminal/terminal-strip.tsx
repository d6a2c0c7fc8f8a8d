import { AppWindow, Bell, Ear, Plus, Search, X } from 'lucide-react';
import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import { keyLabel } from '../../keys/key-map.ts';
import { useApp, useIsMac, useUi } from '../../store/app-context.ts';
import type { TerminalTab } from '../../terminal/tabs-state.ts';
import { bindClasses } from '../classes.ts';
import { IconButton } from '../controls/button.tsx';
import { findBarOpen } from './find-state.ts';
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
  const { ui, terminals, actions } = useApp();
  const isMac = useIsMac();
  const forScreenReader = useUi((state) => state.terminalForScreenReader);
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
          label="Text for screen readers"
          icon={<Ear size={15} aria-hidden="true" />}
          isOn={forScreenReader}
          onPress={() => ui.update((state) => ({ ...state, terminalForScreenReader: !state.terminalForScreenReader }))}
        />
        <IconButton
          label="Find"
          keys={keyLabel('Mod-Shift-F', isMac)}
          icon={<Search size={15} aria-hidden="true" />}
          onPress={() => findBarOpen.set(true)}
        />
        <IconButton
          label="Open in its own window"
          icon={<AppWindow size={15} aria-hidden="true" />}
          isDisabled={front.status !== 'live'}
          onPress={() => terminals.moveOut(front.key)}
        />
      </span>
    </div>
  );
}

const statusWords = {
  opening: 'opening',
  unattached: '',
  live: '',
  elsewhere: 'in its own window',
  ended: 'ended',
  failed: 'failed',
} as const;

function StripTab({ tab, isFront }: { readonly tab: TerminalTab; readonly isFront: boolean }): ReactNode {
  const { terminals } = useApp();
  const word = statusWords[tab.status];
  const name = [tab.title, word, tab.hasBell ? 'bell rang' : ''].filter((part) => part !== '').join(', ');
  return (
    <span className={css('tab', isFront && 'front', tab.status)}>
      <button
        type="button"
        role="tab"
        className={css('tabButton')}
        aria-selected={isFront}
        aria-label={name}
        tabIndex={isFront ? 0 : -1}
        data-tab-key={tab.key}
        title={tab.title}
        onClick={() => terminals.activate(tab.projectId, tab.key)}
        onAuxClick={(event) => {
          if (event.button === 1) terminals.close(tab.key);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Delete') terminals.close(tab.key);
        }}
      >
        {tab.hasBell && <Bell size={12} aria-hidden="true" className={css('bell')} />}
        <bdi className={css('tabTitle')}>{tab.title}</bdi>
        {(tab.status === 'ended' || tab.status === 'failed') && <span className={css('tabWord')}>{word}</span>}
      </button>
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
