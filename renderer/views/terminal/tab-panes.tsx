import { useRef, type CSSProperties, type ReactNode } from 'react';
import { useApp } from '../../store/app-context.ts';
import { haveSameItems, useStore } from '../../store/use-store.ts';
import { toPanePlaces, type Box } from '../../terminal/pane-tree.ts';
import { panesOf, tabWords, type TerminalTab } from '../../terminal/tabs-state.ts';
import { bindClasses } from '../classes.ts';
import { LinkQuestion } from './link-question.tsx';
import { PaneDivider } from './pane-divider.tsx';
import styles from './terminal-pane.module.css';
import { TerminalScreen } from './terminal-screen.tsx';

const css = bindClasses(styles);

/**
 * The panes of the tab in front. They lie beside each other in the page, each at its place, however deep it is in the tree:
 * so none is taken out and put in again when another one is split or closed.
 */
export function TabPanes({ tab }: { readonly tab: TerminalTab }): ReactNode {
  const { terminals } = useApp();
  const panes = useStore(terminals.store, (state) => panesOf(state, tab), haveSameItems);
  const words = useStore(terminals.store, (state) => tabWords(state, tab));
  const area = useRef<HTMLDivElement>(null);
  const places = toPanePlaces(tab.panes);
  const isAlone = panes.length === 1;
  return (
    <div ref={area} className={css('panes')} data-region="terminal">
      {places.dividers.map((divider) => (
        <PaneDivider
          key={divider.path}
          divider={divider}
          area={area}
          onChange={(share) => terminals.setShare(tab.key, divider.path, share)}
        />
      ))}
      {panes.map((pane, index) => {
        const isActive = pane.key === tab.active;
        return (
          <div
            key={pane.key}
            className={css('place', isActive && !isAlone && 'active')}
            style={toStyle(places.panes.get(pane.key))}
            data-pane-key={pane.key}
            {...(isActive ? { 'data-active-pane': true } : {})}
            tabIndex={-1}
            onFocus={() => terminals.activatePane(pane.key)}
          >
            <TerminalScreen
              pane={pane}
              label={isAlone ? `Terminal ${words}` : `Terminal ${pane.title}, pane ${index + 1} of ${panes.length}`}
              isActive={isActive}
              isAlone={isAlone}
            />
          </div>
        );
      })}
      <LinkQuestion />
    </div>
  );
}

const toStyle = (box: Box | undefined): CSSProperties | undefined =>
  box && { left: `${box.left}%`, top: `${box.top}%`, width: `${box.width}%`, height: `${box.height}%` };
