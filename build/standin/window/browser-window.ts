import { randomBytes } from 'node:crypto';
import { identity } from '../app/identity.ts';
import { createEvent } from '../runtime/event.ts';
import { GuardedEmitter } from '../runtime/unimplemented.ts';
import { Frame } from '../x11/frame.ts';
import { getWindowHost, openOneByOne, type WindowHost } from './host.ts';
import { Page } from './page.ts';
import { toPreloadProcess } from './preload-process.ts';
import { toElectron as toElectronContents, WebContents } from './web-contents.ts';
import { checkOptions, readPreload, toFrameOptions, toWindowTitle } from './window-options.ts';

const events = [
  'ready-to-show',
  'show',
  'hide',
  'focus',
  'blur',
  'close',
  'closed',
  'minimize',
  'restore',
  'move',
  'resize',
  'page-title-updated',
];

const windows = new Map<number, BrowserWindow>();
let lastId = 0;
let onChange: { readonly created: (window: BrowserWindow) => void; readonly allClosed: () => void } = {
  created: () => undefined,
  allClosed: () => undefined,
};

/** Electron's BrowserWindow: a frame on the screen, a page of Chromium's in it. */
export class BrowserWindow extends GuardedEmitter {
  readonly #id: number;
  readonly #host: WindowHost;
  readonly #frame: Frame;
  readonly #contents: WebContents;
  #page: Page | null = null;
  #title: string;
  #visible = false;
  #destroyed = false;
  #closing = false;

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super('BrowserWindow', events);
    checkOptions(options);
    this.#host = getWindowHost('BrowserWindow');
    lastId += 1;
    this.#id = lastId;
    this.#title = options.title ?? identity.name;
    const { screen } = this.#host;
    this.#frame = new Frame(screen, toFrameOptions(options, this.#title, identity.name, screen.connection.screen));
    this.#followFrame();
    const page = openOneByOne(async () => this.#open(options));
    page.catch((error: unknown) => {
      if (!this.#destroyed) process.stderr.write(`stand-in: a window could not be opened: ${String(error)}\n`);
    });
    this.#contents = new WebContents(this.#id, { page, close: () => this.close(), destroy: () => this.destroy() });
    this.#followContents();
    windows.set(this.#id, this);
    onChange.created(this);
    if (options.show !== false) this.show();
  }

  static getAllWindows(): Electron.BrowserWindow[] {
    return [...windows.values()].map(toElectron);
  }

  static getFocusedWindow(): Electron.BrowserWindow | null {
    const focused = [...windows.values()].find((window) => window.isFocused());
    return focused === undefined ? null : toElectron(focused);
  }

  static fromId(id: number): Electron.BrowserWindow | null {
    const window = windows.get(id);
    return window === undefined ? null : toElectron(window);
  }

  static fromWebContents(contents: Electron.WebContents): Electron.BrowserWindow | null {
    return BrowserWindow.fromId(contents.id);
  }

  /** For the app: it announces new contents, and ends with its last window. */
  static follow(listener: typeof onChange): void {
    onChange = listener;
  }

  get id(): number {
    return this.#id;
  }

  get webContents(): Electron.WebContents {
    return toElectronContents(this.#contents);
  }

  async loadURL(url: string): Promise<void> {
    await this.#contents.loadURL(url);
  }

  async loadFile(file: string): Promise<void> {
    await this.#contents.loadFile(file);
  }

  show(): void {
    if (this.#destroyed) return;
    const was = this.#visible;
    this.#visible = true;
    this.#frame.map();
    this.#frame.activate();
    if (!was) this.emit('show');
  }

  hide(): void {
    if (!this.#visible || this.#destroyed) return;
    this.#visible = false;
    this.#frame.unmap();
    this.emit('hide');
  }

  focus(): void {
    if (this.#visible) this.#frame.activate();
  }

  minimize(): void {
    if (!this.#visible) this.show();
    this.#frame.minimize();
  }

  restore(): void {
    this.#frame.map();
    this.#frame.activate();
  }

  isVisible(): boolean {
    return this.#visible && !this.#destroyed;
  }

  isMinimized(): boolean {
    return this.#frame.isMinimized;
  }

  isFocused(): boolean {
    return this.#frame.isFocused;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  close(): void {
    if (this.#destroyed || this.#closing) return;
    this.#closing = true;
    const event = createEvent({});
    this.emit('close', event);
    this.#closing = false;
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#visible = false;
    windows.delete(this.#id);
    this.#frame.destroy();
    if (this.#page !== null) void this.#host.targets.close(this.#page.targetId);
    WebContents.markDestroyed(this.#contents);
    this.emit('closed');
    if (windows.size === 0) onChange.allClosed();
  }

  setTitle(title: string): void {
    this.#title = title;
    this.#frame.setTitle(toWindowTitle(title));
  }

  getTitle(): string {
    return this.#title;
  }

  getBounds(): Electron.Rectangle {
    return { ...this.#frame.bounds };
  }

  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.#frame.setBounds({ ...this.#frame.bounds, ...bounds });
  }

  /** Windows of the stand-in have no menu bar. */
  removeMenu(): void {}
  /** As `removeMenu`. */
  setMenuBarVisibility(_visible: boolean): void {}

  #followFrame(): void {
    const frame = this.#frame;
    frame.on('close', () => this.close());
    for (const name of ['focus', 'blur', 'minimize', 'restore', 'move', 'resize'] as const) {
      frame.on(name, () => this.emit(name));
    }
  }

  #followContents(): void {
    this.#contents.once('did-finish-load', () => this.emit('ready-to-show'));
    this.#contents.on('page-title-updated', (_event, title: string) => {
      const event = createEvent({});
      this.emit('page-title-updated', event, title, true);
      if (!event.defaultPrevented) this.setTitle(title);
    });
  }

  async #open(options: Electron.BrowserWindowConstructorOptions): Promise<Page> {
    const { chromium, catcher, targets } = this.#host;
    if (this.#destroyed) throw new Error('Object has been destroyed');
    const firstUrl = `data:text/html,electron-standin-${randomBytes(8).toString('hex')}`;
    const [attached] = await Promise.all([
      targets.expect(firstUrl),
      catcher.fill(this.#frame),
      chromium.openWindow(firstUrl),
    ]);
    const page = new Page(chromium.devTools, attached, firstUrl);
    targets.listen(attached, page);
    this.#page = page;
    // Chromium closed it: its window's contents are gone, and nobody can be asked any more.
    page.on('gone', () => this.destroy());
    if (this.#destroyed) {
      await targets.close(page.targetId);
      throw new Error('Object has been destroyed');
    }
    await page.prepare(readPreload(options), toPreloadProcess());
    return page;
  }
}

/** To the app ours are Electron's; what they lack throws by name. */
const toElectron = (window: BrowserWindow): Electron.BrowserWindow => window as unknown as Electron.BrowserWindow;
