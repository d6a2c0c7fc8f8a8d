import { Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { Input, SearchField } from 'react-aria-components';
import { keyLabel } from '../../keys/key-map.ts';
import { useApp, useIsMac, useUi } from '../../store/app-context.ts';
import { bindClasses } from '../classes.ts';
import styles from './project-list.module.css';

const css = bindClasses(styles);

/** Narrows the list; arrow down and Enter lead into it, Escape gives the whole list back. */
export function ProjectSearch({ onLeave }: { readonly onLeave: () => void }): ReactNode {
  const { ui } = useApp();
  const search = useUi((state) => state.search);
  const isMac = useIsMac();
  return (
    <div className={css('top')}>
      <SearchField
        className={css('search')}
        aria-label="Search projects"
        value={search}
        onChange={(value) => ui.update((state) => ({ ...state, search: value }))}
        onSubmit={onLeave}
      >
        <Search size={14} aria-hidden="true" className={css('searchIcon')} />
        <Input
          className={css('searchInput')}
          placeholder="Search projects"
          data-search="projects"
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            onLeave();
          }}
        />
        {search === '' && <kbd className={css('key')}>{keyLabel('Mod-K', isMac)}</kbd>}
      </SearchField>
    </div>
  );
}
