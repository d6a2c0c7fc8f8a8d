import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { actionLabels, type ActionId } from '../../actions/project-actions.ts';
import { useApp, useReady, useUi } from '../../store/app-context.ts';
import { terminalCountOf } from '../../words/project-words.ts';
import { countOf } from '../../words/units.ts';
import { unsavedWords } from '../../words/vault-words.ts';
import { toShortPath, toVisibleName, toVisibleText } from '../../words/visible-text.ts';
import { bindClasses } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import styles from './overlays.module.css';

const css = bindClasses(styles);

/** The only modal question: before something ends work or is forgotten, by name. */
export function ConfirmDialog(): ReactNode {
  const { ui, actions } = useApp();
  const confirmation = useUi((state) => state.confirmation);
  const project = useReady(({ projects }) => projects.get(confirmation?.projectId ?? ''));
  const close = (): void => ui.update((state) => ({ ...state, confirmation: null }));
  return (
    <ModalOverlay
      className={css('scrim')}
      isOpen={confirmation !== null && project !== undefined}
      onOpenChange={(isOpen) => !isOpen && close()}
      isDismissable
    >
      <Modal className={css('confirm')}>
        <Dialog className={css('dialog', 'question')} role="alertdialog">
          {confirmation !== null && project !== undefined && (
            <>
              <Heading slot="title" className={css('questionTitle')}>
                {questionOf(confirmation.action, project)}
              </Heading>
              <p className={css('consequence')}>{consequenceOf(confirmation.action, project)}</p>
              <div className={css('answers')}>
                <Button autoFocus onPress={close}>
                  Cancel
                </Button>
                <Button kind="danger" onPress={() => actions.confirm()}>
                  {actionLabels[confirmation.action].replace('…', '')}
                </Button>
              </div>
            </>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function questionOf(action: ActionId, { name, container }: ProjectState): string {
  const folder = toVisibleName(name);
  if (action === 'forget') return `Forget ${folder}?`;
  if (action === 'stop-without-saving') return `Stop ${folder} without saving its vault?`;
  if (action === 'stop') {
    return `Stop and remove ${container.status === 'missing' ? folder : toVisibleText(container.name)}?`;
  }
  return action === 'restart' ? `Restart ${folder}?` : `Rebuild ${folder}?`;
}

function consequenceOf(action: ActionId, project: ProjectState): string {
  if (action === 'forget') {
    return `It leaves the list, and your trust in it is forgotten. ${toShortPath(project.folder)} itself is not touched.`;
  }
  if (action === 'stop-without-saving') {
    return `${unsavedWords(project.vault)} The container is removed with everything that runs in it; the folder and the vault’s file stay.`;
  }
  const terminals = countOf(terminalCountOf(project), 'open terminal');
  const ends = `${terminals} and everything else that runs inside will end.`;
  return action === 'restart' ? ends : `${ends} The folder stays; whatever else was changed in the container is lost.`;
}
