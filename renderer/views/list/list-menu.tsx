import { useRef, type ReactNode } from 'react';
import { menuActionsOf } from '../../actions/project-actions.ts';
import { useApp, useEngineReady, useReady, useUi } from '../../store/app-context.ts';
import { stateWords } from '../../words/project-words.ts';
import { toVisibleName } from '../../words/visible-text.ts';
import { ActionMenu } from '../controls/action-menu.tsx';
import { Popover } from '../controls/popover.tsx';

/** The tray's words, where the list was clicked with the other button or the menu key was pressed. */
export function ListMenu(): ReactNode {
  const { ui, actions } = useApp();
  const menu = useUi((state) => state.contextMenu);
  const project = useReady(({ projects }) => (menu === null ? undefined : projects.get(menu.projectId)));
  const engineReady = useEngineReady();
  const point = useRef<HTMLSpanElement>(null);
  const close = (): void => ui.update((state) => ({ ...state, contextMenu: null }));
  return (
    <>
      <span
        ref={point}
        aria-hidden="true"
        style={{ position: 'fixed', left: menu?.x ?? 0, top: menu?.y ?? 0, width: 0, height: 0 }}
      />
      {menu !== null && project !== undefined && (
        <Popover
          key={`${menu.projectId} ${menu.x} ${menu.y}`}
          label={`Actions for ${toVisibleName(project.name)}`}
          trigger={point}
          placement="bottom start"
          isOpen
          onOpenChange={(isOpen) => !isOpen && close()}
        >
          <ActionMenu
            title={stateWords(project, Date.now())}
            groups={menuActionsOf(project, engineReady)}
            onAction={(id) => {
              close();
              actions.perform(id, project.id);
            }}
          />
        </Popover>
      )}
    </>
  );
}
