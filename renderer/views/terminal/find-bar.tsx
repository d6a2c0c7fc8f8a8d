import { CaseSensitive, ChevronDown, ChevronUp, Regex, X } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { Input, SearchField } from 'react-aria-components';
import { useApp } from '../../store/app-context.ts';
import { tokenOf } from '../../terminal/theme.ts';
import { bindClasses } from '../classes.ts';
import { IconButton } from '../controls/button.tsx';
import { findBarPane } from './find-state.ts';
import styles from './terminal-pane.module.css';

const css = bindClasses(styles);

/** Finds text in the terminal's screen and scrollback; Enter goes up, as the newest is below. */
export function FindBar({ paneKey }: { readonly paneKey: string }): ReactNode {
  const { terminals } = useApp();
  const [text, setText] = useState('');
  const [ways, setWays] = useState({ caseSensitive: false, regex: false });
  const [found, setFound] = useState({ resultIndex: -1, resultCount: 0 });
  const view = terminals.viewOf(paneKey);
  useEffect(() => {
    const listening = view?.search.onDidChangeResults(setFound);
    return () => {
      listening?.dispose();
      view?.search.clearDecorations();
    };
  }, [view]);
  const find = (wanted: string, isNext: boolean, how = ways): void => {
    if (view === null) return;
    const options = {
      ...how,
      decorations: {
        matchBackground: tokenOf('terminal-match'),
        activeMatchBackground: tokenOf('terminal-match-active'),
        matchOverviewRuler: tokenOf('terminal-match'),
        activeMatchColorOverviewRuler: tokenOf('terminal-match-active'),
      },
    };
    if (wanted === '' || (how.regex && !isPattern(wanted))) {
      view.search.clearDecorations();
      setFound({ resultIndex: -1, resultCount: 0 });
    } else if (isNext) view.search.findNext(wanted, options);
    else view.search.findPrevious(wanted, options);
  };
  const turn = (name: keyof typeof ways): void => {
    const next = { ...ways, [name]: !ways[name] };
    setWays(next);
    // The search keeps the marks of a text that it knows, whatever changed in how to look for it.
    view?.search.clearDecorations();
    find(text, false, next);
  };
  const close = (): void => {
    findBarPane.set(null);
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
        {ways.regex && !isPattern(text) ? 'No pattern' : foundWords(text, found.resultIndex, found.resultCount)}
      </span>
      <IconButton
        label="Match case"
        icon={<CaseSensitive size={15} aria-hidden="true" />}
        isOn={ways.caseSensitive}
        onPress={() => turn('caseSensitive')}
      />
      <IconButton
        label="Regular expression"
        icon={<Regex size={15} aria-hidden="true" />}
        isOn={ways.regex}
        onPress={() => turn('regex')}
      />
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

/** A pattern that is not finished is none yet. */
function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u').source !== '';
  } catch {
    return false;
  }
}

function foundWords(text: string, index: number, count: number): string {
  if (text === '') return '';
  if (count === 0) return 'No match';
  return index < 0 ? `${count} matches` : `${index + 1} of ${count}`;
}
