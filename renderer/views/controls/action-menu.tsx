import type { ReactNode } from 'react';
import { Header, Menu, MenuItem, MenuSection, Separator } from 'react-aria-components';
import type { ActionId, ProjectAction } from '../../actions/project-actions.ts';
import { bindClasses } from '../classes.ts';
import styles from './action-menu.module.css';

const css = bindClasses(styles);

export interface ActionMenuProps {
  /** The state, as the tray's submenus begin with it. */
  readonly title: string;
  readonly groups: readonly (readonly ProjectAction[])[];
  readonly onAction: (id: ActionId) => void;
}

/** A project's actions, as in the tray: state first, then groups. */
export function ActionMenu({ title, groups, onAction }: ActionMenuProps): ReactNode {
  const disabled = groups.flat().filter(({ hindrance }) => hindrance !== null);
  return (
    <Menu
      className={css('menu')}
      aria-label={`Actions, ${title}`}
      autoFocus="first"
      disabledKeys={disabled.map(({ id }) => id)}
      onAction={(key) => onAction(key as ActionId)}
    >
      {groups.map((group, index) => (
        <MenuSection key={group[0]?.id ?? index} className={css('section')} aria-label={title}>
          {index === 0 ? <Header className={css('title')}>{title}</Header> : <Separator className={css('line')} />}
          {group.map(({ id, label, hindrance }) => (
            <MenuItem key={id} id={id} textValue={label} className={css('item')}>
              <span>{label}</span>
              {hindrance !== null && <span className={css('why')}>{hindrance}</span>}
            </MenuItem>
          ))}
        </MenuSection>
      ))}
    </Menu>
  );
}
