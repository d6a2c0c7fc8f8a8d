import { useMemo, useState, type ReactNode } from 'react';
import {
  Autocomplete,
  Dialog,
  Input,
  ListBox,
  ListBoxItem,
  Modal,
  ModalOverlay,
  SearchField,
} from 'react-aria-components';
import { keyLabel } from '../../keys/key-map.ts';
import { runKeyAction } from '../../keys/run-key-action.ts';
import { useApp, useIsMac, useReady, useUi } from '../../store/app-context.ts';
import { bindClasses } from '../classes.ts';
import { findInPalette, toPaletteItems, type PaletteItem } from './palette-items.ts';
import styles from './overlays.module.css';

const css = bindClasses(styles);

/** Every action with its key, and every project to go to. */
export function Palette(): ReactNode {
  const { ui } = useApp();
  const isOpen = useUi((state) => state.paletteOpen);
  const setOpen = (paletteOpen: boolean): void => ui.update((state) => ({ ...state, paletteOpen }));
  return (
    <ModalOverlay className={css('scrim', 'clear')} isOpen={isOpen} onOpenChange={setOpen} isDismissable>
      <Modal className={css('palette')}>
        <Dialog className={css('dialog')} aria-label="Commands">
          <PaletteList onDone={() => setOpen(false)} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function PaletteList({ onDone }: { readonly onDone: () => void }): ReactNode {
  const context = useApp();
  const isMac = useIsMac();
  const selectedId = useUi((state) => state.selectedId);
  const snapshot = useReady((state) => state.snapshot);
  const items = useMemo(
    () =>
      toPaletteItems(
        snapshot,
        snapshot.projects.find(({ id }) => id === selectedId),
      ),
    [snapshot, selectedId],
  );
  const [typed, setTyped] = useState('');
  const found = useMemo(() => findInPalette(items, typed), [items, typed]);
  const run = (item: PaletteItem | undefined): void => {
    onDone();
    if (item === undefined) return;
    const { deed } = item;
    if (deed.type === 'show') context.actions.show(deed.projectId);
    else if (deed.type === 'project') context.actions.perform(deed.action, deed.projectId);
    else if (deed.type === 'endSession') {
      void context.actions.execute({ type: 'endSession', sessionId: deed.sessionId }, null);
    } else if (deed.type === 'lookAgain') void context.actions.execute({ type: 'refreshProjects' }, null);
    else if (deed.type === 'doctor') context.ui.update((state) => ({ ...state, page: 'doctor' }));
    else if (deed.type === 'buildBaseImage') void context.actions.execute({ type: 'buildBaseImage' }, null);
    // After the palette has given the focus back.
    else setTimeout(() => runKeyAction(deed.action, context), 0);
  };
  return (
    <Autocomplete inputValue={typed} onInputChange={setTyped}>
      <SearchField aria-label="Commands" autoFocus className={css('typed')}>
        <Input className={css('typedInput')} placeholder="What do you want to do?" />
      </SearchField>
      <div className={css('items')} tabIndex={0} role="group" aria-label="Commands">
        <ListBox
          className={css('dialog')}
          aria-label="Commands"
          items={found}
          selectionMode="none"
          onAction={(key) => run(items.find(({ id }) => id === key))}
          renderEmptyState={() => <p className={css('noItem')}>Nothing matches.</p>}
        >
          {(item) => (
            <ListBoxItem id={item.id} textValue={`${item.label} ${item.note}`} className={css('item')}>
              <bdi className={css('itemLabel')}>{item.label}</bdi>
              <span className={css('itemNote')}>{item.note}</span>
              {item.keys !== '' && <kbd className={css('keys')}>{keyLabel(item.keys, isMac)}</kbd>}
            </ListBoxItem>
          )}
        </ListBox>
      </div>
    </Autocomplete>
  );
}
