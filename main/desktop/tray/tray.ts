import { Menu, nativeImage, Tray, type MenuItemConstructorOptions, type NativeImage } from 'electron';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Snapshot } from '../../../preload/contract/snapshot.ts';
import { assertNever } from '../../engine/assert-never.ts';
import { toTooltip, toTrayMenu, toTrayState, type TrayAction, type TrayItem, type TrayState } from './tray-menu.ts';

/** The icon in the desktop's tray; shows each snapshot it is given. */
export interface AppTray {
  show(snapshot: Snapshot): void;
  destroy(): void;
}

export interface AppTrayOptions {
  readonly iconFolder: string;
  readonly act: (action: TrayAction) => void;
}

/** A menu rebuilt while it is open closes under the pointer, so it is told apart from the last and only set when it differs. */
export function createTray({ iconFolder, act }: AppTrayOptions): AppTray {
  const icons = loadIcons(iconFolder);
  const tray = new Tray(icons.idle);
  let shownItems: readonly TrayItem[] = [];
  let shownState: TrayState = 'idle';
  let shownTooltip = '';
  tray.on('click', () => act({ type: 'showWindow' }));
  return {
    show: (snapshot) => {
      const items = toTrayMenu(snapshot);
      if (!isDeepStrictEqual(items, shownItems)) {
        shownItems = items;
        tray.setContextMenu(Menu.buildFromTemplate(items.map((one) => toTemplate(one, act))));
      }
      const state = toTrayState(snapshot);
      if (state !== shownState) {
        shownState = state;
        tray.setImage(icons[state]);
      }
      const tooltip = toTooltip(snapshot);
      if (tooltip !== shownTooltip) {
        shownTooltip = tooltip;
        tray.setToolTip(tooltip);
      }
    },
    destroy: () => tray.destroy(),
  };
}

function toTemplate(item: TrayItem, act: (action: TrayAction) => void): MenuItemConstructorOptions {
  switch (item.kind) {
    case 'separator':
      return { type: 'separator' };
    case 'submenu':
      return { label: escapeMnemonic(item.label), submenu: item.items.map((one) => toTemplate(one, act)) };
    case 'item': {
      const { action } = item;
      if (action === null) return { label: escapeMnemonic(item.label), enabled: false };
      return { label: escapeMnemonic(item.label), click: () => act(action) };
    }
    default:
      return assertNever(item);
  }
}

/** A single `&` marks a mnemonic in Electron's menus. */
const escapeMnemonic = (label: string): string => label.replaceAll('&', '&&');

/** Sizes that each system's tray shows; files for scaled screens lie beside them. macOS colours a template itself. */
const iconVariant = process.platform === 'darwin' ? 'Template' : process.platform === 'win32' ? '16' : '22';

function loadIcons(folder: string): Record<TrayState, NativeImage> {
  const load = (state: TrayState): NativeImage => {
    const image = nativeImage.createFromPath(path.join(folder, `tray-${state}-${iconVariant}.png`));
    if (process.platform === 'darwin') image.setTemplateImage(true);
    return image;
  };
  return { idle: load('idle'), running: load('running'), attention: load('attention') };
}
