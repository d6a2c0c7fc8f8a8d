import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { Input, SearchField } from 'react-aria-components';
import { useApp } from '../../store/app-context.ts';
import type { TerminalTab } from '../../terminal/tabs-state.ts';
import { tokenOf } from '../../terminal/theme.ts';
import { bindClasses } from '../classes.ts';
import { IconButton } from '../controls/button.tsx';
import { findBarOpen } from './find-state.ts';
import styles from './terminal-pane.module.css';

const css = bindClasses(styles);

/** Finds text in the terminal's screen and scrollback; Enter goes up, as the newest is below. */
export function FindBar({ tab }: { readonly tab: TerminalTab }): ReactNode {
  const { terminals } = useApp();
  const [text, setText] = useState('');
  const [found, setFound] = useState({ resultIndex: -1, resultCount: 0 });
  const view = terminals.viewOf(tab.key);
  useEffect(() => {
    const listening = view?.search.onDidChangeResults(setFound);
    return () => {
      listening?.dispose();
      view?.search.clearDecorations();
    };
  }, [view]);
  const find = (wanted: string, isNext: boolean): void => {
    if (view === null) return;
    const options = {
      decorations: {
        matchBackground: tokenOf('terminal-match'),
        activeMatchBackground: tokenOf('terminal-match-active'),
        matchOverviewRuler: tokenOf('terminal-match'),
        activeMatchColorOverviewRuler: tokenOf('terminal-match-active'),
      },
    };
    if (wanted === '') {
      view.search.clearDecorations();
      setFound({ resultIndex: -1, resultCount: 0 });
    } else if (isNext) view.search.findNext(wanted, options);
    else view.search.findPrevious(wanted, options);
  };
  const close = (): void => {
    findBarOpen.set(false);
    view?.terminal.focus();
  };
  return (
    <div className={css('find')} role="search">
      <SearchField
        aria-label="Find in the terminal"
        autoFocus
        value={text}
        onChange={(value) => {
          setText(value);
          find(value, false);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') close();
          else if (event.key === 'Enter') find(text, event.shiftKey);
        }}
      >
        <Input className={css('findInput')} placeholder="Find" data-search="terminal" />
      </SearchField>
      <span className={css('found')} role="status">
        {foundWords(text, found.resultIndex, found.resultCount)}
      </span>
      <IconButton
        label="Previous match"
        icon={<ChevronUp size={15} aria-hidden="true" />}
        onPress={() => find(text, false)}
      />
      <IconButton
        label="Next match"
        icon={<ChevronDown size={15} aria-hidden="true" />}
        onPress={() => find(text, true)}
      />
      <IconButton label="Close find" icon={<X size={15} aria-hidden="true" />} onPress={close} />
    </div>
  );
}

function foundWords(text: string, index: number, count: number): string {
  if (text === '') return '';
  if (count === 0) return 'No match';
  return index < 0 ? `${count} matches` : `${index + 1} of ${count}`;
}
