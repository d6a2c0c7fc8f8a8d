import { useRef, type ReactNode } from 'react';
import { Menu, MenuItem } from 'react-aria-components';
import { useApp, useReady } from '../../store/app-context.ts';
import { copySelection, pasteInto } from '../../terminal/clipboard.ts';
import { bindClasses } from '../classes.ts';
import styles from '../controls/action-menu.module.css';
import { Popover } from '../controls/popover.tsx';
import { findBarOpen } from './find-state.ts';

const css = bindClasses(styles);

interface TerminalMenuProps {
  readonly tabKey: string;
  readonly x: number;
  readonly y: number;
  readonly onClose: () => void;
}

/** Copy, paste and find, where the terminal was clicked with the other button. */
export function TerminalMenu({ tabKey, x, y, onClose }: TerminalMenuProps): ReactNode {
  const { api, terminals } = useApp();
  const asks = useReady(({ settings }) => settings.warnBeforePaste);
  const point = useRef<HTMLSpanElement>(null);
  const view = terminals.viewOf(tabKey);
  const act = (key: string): void => {
    onClose();
    if (view === null) return;
    if (key === 'copy') copySelection(api, view);
    if (key === 'paste') void pasteInto(api, view, asks);
    if (key === 'select') view.terminal.selectAll();
    if (key === 'clear') view.terminal.clear();
    if (key === 'find') findBarOpen.set(true);
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
        </Menu>
      </Popover>
    </>
  );
}
