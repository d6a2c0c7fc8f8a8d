import type { MessageBus } from '@jellybrick/dbus-next';
import { identity } from '../app/identity.ts';
import { NativeImage } from '../image/native-image.ts';
import { GuardedEmitter } from '../runtime/unimplemented.ts';
import { connectSessionBus } from './bus.ts';
import { itemPath, ItemService, menuPath } from './item-service.ts';
import { MenuService } from './menu-service.ts';
import { keepRegistered } from './registration.ts';

let lastNumber = 0;

const noBounds: Electron.Rectangle = { x: 0, y: 0, width: 0, height: 0 };

/** Electron's Tray on Linux: a StatusNotifierItem with a D-Bus menu. */
export class Tray extends GuardedEmitter {
  readonly #bus: MessageBus | null;
  readonly #item: ItemService;
  readonly #menu = new MenuService();
  #destroyed = false;

  constructor(image: Electron.NativeImage | string) {
    // Linux has neither double clicks nor a middle button here; Electron says so too.
    super('Tray', ['click', 'right-click', 'double-click', 'middle-click']);
    lastNumber += 1;
    this.#item = new ItemService(`chrome_status_icon_${lastNumber}`, {
      onActivate: () => this.emit('click', {}, noBounds, { x: 0, y: 0 }),
      onContextMenu: () => this.emit('right-click', {}, noBounds),
    });
    this.#item.Title = identity.name;
    this.setImage(image);
    this.#bus = connectSessionBus(() => undefined);
    this.#register(`org.freedesktop.StatusNotifierItem-${process.pid}-${lastNumber}`).catch((error: unknown) => {
      if (!this.#destroyed) process.stderr.write(`stand-in: no tray icon: ${String(error)}\n`);
    });
  }

  setImage(image: Electron.NativeImage | string): void {
    const loaded = typeof image === 'string' ? NativeImage.createFromPath(image) : (image as unknown as NativeImage);
    if (loaded.isEmpty()) throw new Error(`Failed to load image from path '${typeof image === 'string' ? image : ''}'`);
    this.#item.showIcon(NativeImage.representationsOf(loaded));
  }

  setToolTip(toolTip: string): void {
    this.#item.showToolTip(toolTip);
  }

  setTitle(title: string): void {
    this.#item.showTitle(title);
  }

  getTitle(): string {
    return this.#item.Title;
  }

  setContextMenu(menu: Electron.Menu | null): void {
    this.#menu.show(menu);
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#bus?.disconnect();
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  async #register(name: string): Promise<void> {
    if (this.#bus === null) throw new Error('there is no session bus');
    this.#bus.export(itemPath, this.#item);
    this.#bus.export(menuPath, this.#menu);
    await this.#bus.requestName(name);
    await keepRegistered(this.#bus, name);
  }
}
