import { useRef, type ReactNode } from 'react';
import { Menu, MenuItem } from 'react-aria-components';
import { useApp, useReady } from '../../store/app-context.ts';
import { copySelection, pasteInto } from '../../terminal/clipboard.ts';
import { bindClasses } from '../classes.ts';
import styles from '../controls/action-menu.module.css';
import { Popover } from '../controls/popover.tsx';
import { findBarPane } from './find-state.ts';

const css = bindClasses(styles);

interface TerminalMenuProps {
  readonly paneKey: string;
  readonly x: number;
  readonly y: number;
  readonly onClose: () => void;
}

/** Copy, paste, find and split, where the terminal was clicked with the other button. */
export function TerminalMenu({ paneKey, x, y, onClose }: TerminalMenuProps): ReactNode {
  const { api, terminals } = useApp();
  const asks = useReady(({ settings }) => settings.warnBeforePaste);
  const hasSplits = useReady(({ view: { kind } }) => kind === 'main');
  const point = useRef<HTMLSpanElement>(null);
  const view = terminals.viewOf(paneKey);
  const act = (key: string): void => {
    onClose();
    if (view === null) return;
    if (key === 'copy') copySelection(api, view);
    if (key === 'paste') void pasteInto(api, view, asks);
    if (key === 'select') view.terminal.selectAll();
    if (key === 'clear') terminals.clear(paneKey);
    if (key === 'split-right') terminals.split(paneKey, 'right');
    if (key === 'split-down') terminals.split(paneKey, 'down');
    if (key === 'find') findBarPane.set(paneKey);
  };
  return (
    <>
      <span ref={point} aria-hidden="true" style={{ position: 'fixed', left: x, top: y, width: 0, height: 0 }} />
      <Popover
        key={`${x} ${y}`}
        label="Terminal"
        trigger={point}
        placement="bottom start"
        isOpen
        onOpenChange={(isOpen) => !isOpen && onClose()}
      >
        <Menu
          className={css('menu')}
          aria-label="Terminal"
          autoFocus="first"
          disabledKeys={view?.terminal.hasSelection() === true ? [] : ['copy']}
          onAction={(key) => act(String(key))}
        >
          <MenuItem id="copy" className={css('item')}>
            Copy
          </MenuItem>
          <MenuItem id="paste" className={css('item')}>
            Paste
          </MenuItem>
          <MenuItem id="select" className={css('item')}>
            Select all
          </MenuItem>
          <MenuItem id="find" className={css('item')}>
            Find
          </MenuItem>
          <MenuItem id="clear" className={css('item')}>
            Clear
          </MenuItem>
          {hasSplits && (
            <>
              <MenuItem id="split-right" className={css('item')}>
                Split to the right
              </MenuItem>
              <MenuItem id="split-down" className={css('item')}>
                Split downwards
              </MenuItem>
            </>
          )}
        </Menu>
      </Popover>
    </>
  );
}
