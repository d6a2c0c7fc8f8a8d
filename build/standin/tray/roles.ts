import { app } from '../app/app.ts';

interface Role {
  readonly label: string;
  readonly run: () => void;
}

/** Roles that make sense in a tray's menu. */
export const roles: Partial<Record<NonNullable<Electron.MenuItemConstructorOptions['role']>, Role>> = {
  quit: { label: 'Quit', run: () => app.quit() },
};
