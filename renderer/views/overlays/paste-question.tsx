import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useApp } from '../../store/app-context.ts';
import { useStore } from '../../store/use-store.ts';
import { pasteText, pendingPaste } from '../../terminal/clipboard.ts';
import { lineCountOf } from '../../terminal/paste-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import styles from './overlays.module.css';

const css = bindClasses(styles);

/** As much of the text as is shown, in characters. */
const shownLength = 600;

/** Before many lines are pasted: how many, and what they say. */
export function PasteQuestion(): ReactNode {
  const { api } = useApp();
  const pending = useStore(pendingPaste, (value) => value);
  const close = (): void => {
    pendingPaste.set(null);
    // Once the dialog has given the focus back.
    setTimeout(() => pending?.view.terminal.focus(), 0);
  };
  const paste = (asksAgain: boolean): void => {
    if (pending !== null) pasteText(pending.text, pending.view, false);
    if (!asksAgain) void api.request('changeSettings', { warnBeforePaste: false });
    close();
  };
  return (
    <ModalOverlay
      className={css('scrim')}
      isOpen={pending !== null}
      onOpenChange={(isOpen) => !isOpen && close()}
      isDismissable
    >
      <Modal className={css('confirm')}>
        <Dialog className={css('dialog', 'question')} role="alertdialog">
          {pending !== null && (
            <>
              <Heading slot="title" className={css('questionTitle')}>
                Paste {lineCountOf(pending.text)} lines?
              </Heading>
              <p className={css('consequence')}>
                {pending.runsAtOnce
                  ? 'The program in this terminal takes them as typed: each line may run at once.'
                  : 'The program in this terminal knows that they are pasted and waits for Enter.'}
              </p>
              <pre className={css('pasted')} tabIndex={0} aria-label="Text to paste">
                {pending.text.length > shownLength ? `${pending.text.slice(0, shownLength)}…` : pending.text}
              </pre>
              <div className={css('answers')}>
                <Button kind="quiet" onPress={() => paste(false)}>
                  Paste and don’t ask again
                </Button>
                <Button onPress={close}>Cancel</Button>
                <Button kind="primary" autoFocus onPress={() => paste(true)}>
                  Paste
                </Button>
              </div>
            </>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
