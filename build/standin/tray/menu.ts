import { GuardedEmitter, UnimplementedError, guardPrototype } from '../runtime/unimplemented.ts';
import { roles } from './roles.ts';

type Options = Electron.MenuItemConstructorOptions;

const known = new Set([
  'label',
  'type',
  'enabled',
  'visible',
  'checked',
  'id',
  'role',
  'click',
  'submenu',
  'accelerator',
  'toolTip',
]);

/** Electron's MenuItem. */
export class MenuItem {
  readonly id: string;
  readonly type: Electron.MenuItem['type'];
  readonly role?: NonNullable<Electron.MenuItem['role']>;
  readonly accelerator: string | null;
  readonly click: () => void;
  readonly submenu?: Electron.Menu;
  toolTip: string;
  label: string;
  /** Changes after the tray has its menu are seen with the next `setContextMenu`, as on Linux everywhere. */
  enabled: boolean;
  visible: boolean;
  checked: boolean;

  constructor(options: Options) {
    for (const name of Object.keys(options))
      if (!known.has(name)) throw new UnimplementedError(`MenuItem's option '${name}'`);
    const { role, submenu } = options;
    const defaults = role === undefined ? null : roles[role];
    if (defaults === undefined) throw new UnimplementedError(`the menu role '${role}'`);
    this.id = options.id ?? '';
    if (role !== undefined) this.role = role as NonNullable<Electron.MenuItem['role']>;
    this.label = options.label ?? defaults?.label ?? '';
    this.type = options.type ?? (submenu === undefined ? 'normal' : 'submenu');
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    this.accelerator = options.accelerator ?? null;
    this.toolTip = options.toolTip ?? '';
    if (submenu !== undefined) this.submenu = Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : submenu;
    this.click = () => {
      if (this.type === 'checkbox') this.checked = !this.checked;
      if (this.type === 'radio') this.checked = true;
      defaults?.run();
      options.click?.(this as unknown as Electron.MenuItem, undefined, {} as Electron.KeyboardEvent);
    };
  }
}

guardPrototype(MenuItem);

/** Electron's Menu: what a tray shows. */
export class Menu extends GuardedEmitter {
  readonly items: Electron.MenuItem[] = [];

  constructor() {
    super('Menu', ['menu-will-show', 'menu-will-close']);
  }

  static buildFromTemplate(
    template: readonly (Electron.MenuItemConstructorOptions | Electron.MenuItem)[],
  ): Electron.Menu {
    const menu = new Menu();
    for (const item of template) {
      const made = item instanceof MenuItem ? item : new MenuItem(item as Electron.MenuItemConstructorOptions);
      menu.append(made as unknown as Electron.MenuItem);
    }
    return menu as unknown as Electron.Menu;
  }

  /** Windows of the stand-in have no menu bar, so only its absence can be set. */
  static setApplicationMenu(menu: Electron.Menu | null): void {
    if (menu !== null) throw new UnimplementedError('Menu.setApplicationMenu of anything but null');
  }

  static getApplicationMenu(): Electron.Menu | null {
    return null;
  }

  append(item: Electron.MenuItem): void {
    this.items.push(item);
  }

  getMenuItemById(id: string): Electron.MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found !== undefined && found !== null) return found;
    }
    return null;
  }
}
