import type { Pixels } from '../image/png.ts';
import { BusInterface, readable } from './bus.ts';

export const menuPath = '/com/canonical/dbusmenu';
export const itemPath = '/StatusNotifierItem';

type Pixmap = readonly [width: number, height: number, argb: Buffer];

/** What the item tells its tray of the mouse. */
export interface ItemListener {
  readonly onActivate: () => void;
  readonly onContextMenu: () => void;
}

/** A tray icon on the bus (https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem), as Chromium exports it. */
export class ItemService extends BusInterface {
  readonly Category = 'ApplicationStatus';
  readonly Status = 'Active';
  readonly WindowId = 0;
  readonly IconName = '';
  readonly IconThemePath = '';
  /** False: a click is `Activate`, not the menu. */
  readonly ItemIsMenu = false;
  readonly Menu = menuPath;
  readonly Id: string;
  Title = '';
  IconPixmap: readonly Pixmap[] = [];
  ToolTip: readonly [string, readonly Pixmap[], string, string] = ['', [], '', ''];
  readonly #listener: ItemListener;

  constructor(id: string, listener: ItemListener) {
    super('org.kde.StatusNotifierItem');
    this.Id = id;
    this.#listener = listener;
  }

  showIcon(representations: readonly Pixels[]): void {
    this.IconPixmap = representations.map(toPixmap);
    this.NewIcon();
  }

  showToolTip(text: string): void {
    this.ToolTip = ['', [], text, ''];
    this.NewToolTip();
  }

  showTitle(title: string): void {
    this.Title = title;
    this.NewTitle();
  }

  Activate(_x: number, _y: number): void {
    setImmediate(this.#listener.onActivate);
  }

  ContextMenu(_x: number, _y: number): void {
    setImmediate(this.#listener.onContextMenu);
  }

  SecondaryActivate(_x: number, _y: number): void {}
  Scroll(_delta: number, _orientation: string): void {}

  // Signals.
  NewIcon(): void {}
  NewTitle(): void {}
  NewToolTip(): void {}
}

ItemService.configureMembers({
  properties: {
    Category: readable('s'),
    Id: readable('s'),
    Title: readable('s'),
    Status: readable('s'),
    WindowId: readable('i'),
    IconName: readable('s'),
    IconThemePath: readable('s'),
    IconPixmap: readable('a(iiay)'),
    ToolTip: readable('(sa(iiay)ss)'),
    ItemIsMenu: readable('b'),
    Menu: readable('o'),
  },
  methods: {
    Activate: { inSignature: 'ii' },
    ContextMenu: { inSignature: 'ii' },
    SecondaryActivate: { inSignature: 'ii' },
    Scroll: { inSignature: 'is' },
  },
  signals: { NewIcon: { signature: '' }, NewTitle: { signature: '' }, NewToolTip: { signature: '' } },
});

/** Alpha, red, green, blue, in network byte order. */
export function toPixmap({ width, height, rgba }: Pixels): Pixmap {
  const argb = Buffer.alloc(rgba.length);
  for (let offset = 0; offset < rgba.length; offset += 4) {
    argb[offset] = rgba[offset + 3] ?? 0;
    argb.set(rgba.subarray(offset, offset + 3), offset + 1);
  }
  return [width, height, argb];
}
