import { FolderPlus, Search } from 'lucide-react';
import { useCallback, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { keyLabel } from '../../keys/key-map.ts';
import { useApp, useIsMac, useReady, useUi } from '../../store/app-context.ts';
import { bindClasses } from '../classes.ts';
import { IconButton } from '../controls/button.tsx';
import { ListMenu } from './list-menu.tsx';
import { ProjectRow } from './project-row.tsx';
import { ProjectSearch } from './project-search.tsx';
import styles from './project-list.module.css';
import { useListOrder } from './use-list-order.ts';

const css = bindClasses(styles);

export interface ProjectListProps {
  readonly isRail: boolean;
  readonly selectedId: string | null;
  /** What changes the list's width. */
  readonly children: ReactNode;
}

/** Every project with its state; in a narrow window a rail of the states alone. */
export function ProjectList({ isRail, selectedId, children }: ProjectListProps): ReactNode {
  const { ui, actions } = useApp();
  const isMac = useIsMac();
  const search = useUi((state) => state.search);
  const { ids, holdProps } = useListOrder(isRail ? '' : search);
  const ambiguous = useAmbiguousNames();
  const list = useRef<HTMLUListElement>(null);
  const select = useCallback((id: string) => actions.show(id), [actions]);
  const openMenu = useCallback(
    (projectId: string, x: number, y: number) => ui.update((state) => ({ ...state, contextMenu: { projectId, x, y } })),
    [ui],
  );
  const tabStop = selectedId !== null && ids.includes(selectedId) ? selectedId : ids[0];
  const move = (event: KeyboardEvent): void => {
    const id = neighbourOf(event.key, ids, (event.target as HTMLElement).dataset['projectId']);
    if (id === undefined) return;
    event.preventDefault();
    select(id);
    list.current?.querySelector<HTMLElement>(`[data-project-id="${id}"]`)?.focus();
  };
  return (
    <nav className={css('list', isRail && 'rail')} aria-label="Projects" data-region="list">
      {isRail ? (
        <div className={css('railTop')}>
          <IconButton
            label="Search projects"
            keys={keyLabel('Mod-K', isMac)}
            icon={<Search size={16} aria-hidden="true" />}
            onPress={() => ui.update((state) => ({ ...state, paletteOpen: true }))}
          />
        </div>
      ) : (
        <ProjectSearch onLeave={() => list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()} />
      )}
      <ul ref={list} className={css('rows')} role="listbox" aria-label="Projects" onKeyDown={move} {...holdProps}>
        {ids.map((id) => (
          <ProjectRow
            key={id}
            id={id}
            isSelected={id === selectedId}
            isTabStop={id === tabStop}
            isAmbiguous={ambiguous.has(id)}
            isRail={isRail}
            onSelect={select}
            onMenu={openMenu}
          />
        ))}
      </ul>
      {!isRail && ids.length === 0 && search !== '' && <p className={css('none')}>No project matches.</p>}
      <div className={css('bottom')}>
        <button
          type="button"
          className={css('add')}
          title={`Add folder (${keyLabel('Mod-N', isMac)})`}
          aria-label="Add folder…"
          onClick={() => void actions.addFolders()}
        >
          <FolderPlus size={15} aria-hidden="true" />
          {!isRail && <span>Add folder, or drop one</span>}
        </button>
      </div>
      <ListMenu />
      {children}
    </nav>
  );
}

const pageRows = 10;

function neighbourOf(key: string, ids: readonly string[], from: string | undefined): string | undefined {
  const index = from === undefined ? -1 : ids.indexOf(from);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + pageRows,
    PageUp: index - pageRows,
    Home: 0,
    End: ids.length - 1,
  };
  const wanted = steps[key];
  return wanted === undefined ? undefined : ids[Math.min(ids.length - 1, Math.max(0, wanted))];
}

/** Ids of projects whose name another one has too. */
function useAmbiguousNames(): ReadonlySet<string> {
  const ids = useReady(
    ({ snapshot }) => {
      const groups = Map.groupBy(snapshot.projects, ({ name }) => name);
      return [...groups.values()].filter((group) => group.length > 1).flatMap((group) => group.map(({ id }) => id));
    },
    (left, right) => left.length === right.length && left.every((id, index) => id === right[index]),
  );
  return useMemo(() => new Set(ids), [ids]);
}
