import { EventEmitter } from 'node:events';
import { createEvent } from '../runtime/event.ts';
import { GuardedEmitter } from '../runtime/unimplemented.ts';
import { BrowserWindow } from '../window/browser-window.ts';
import { commandLine } from './command-line.ts';
import { identity } from './identity.ts';
import { getPath, setPath } from './paths.ts';
import { SingleInstance, type SecondInstance } from './single-instance.ts';

const events = [
  'will-finish-launching',
  'ready',
  'window-all-closed',
  'before-quit',
  'will-quit',
  'quit',
  // macOS only.
  'activate',
  'second-instance',
  'web-contents-created',
  'browser-window-created',
];

/** What the app's end and beginning mean for the process; boot.ts fills it in. */
export interface Lifecycle {
  /** Ends Chromium and then the process. */
  end(code: number): void;
  /** The app is the one that will run: Chromium may start. */
  onChosen(): void;
}

/** Electron's `app`. */
export class App extends GuardedEmitter {
  readonly commandLine: Electron.CommandLine = commandLine as unknown as Electron.CommandLine;
  readonly #instance = new SingleInstance();
  readonly #ready = Promise.withResolvers<void>();
  #lifecycle: Lifecycle = { end: (code) => process.exit(code), onChosen: () => undefined };
  #isReady = false;
  #isQuitting = false;
  #hasEnded = false;

  constructor() {
    super('app', events);
    BrowserWindow.follow({
      created: (window) => {
        this.emit('web-contents-created', createEvent({}), window.webContents);
        this.emit('browser-window-created', createEvent({}), window);
      },
      allClosed: () => this.#onAllClosed(),
    });
  }

  static start(target: App, lifecycle: Lifecycle): void {
    target.#lifecycle = lifecycle;
  }

  static markReady(target: App): void {
    if (target.#hasEnded) return;
    target.#isReady = true;
    target.#ready.resolve();
    // Through the object: Playwright's loader takes `emit` over to hold the event back.
    target.emit('ready', createEvent({}), {});
  }

  get isPackaged(): boolean {
    return identity.isPackaged;
  }

  get name(): string {
    return identity.name;
  }

  set name(name: string) {
    identity.name = name;
  }

  async whenReady(): Promise<void> {
    return this.#ready.promise;
  }

  isReady(): boolean {
    return this.#isReady;
  }

  getName(): string {
    return identity.name;
  }

  setName(name: string): void {
    identity.name = name;
  }

  getVersion(): string {
    return identity.version;
  }

  getAppPath(): string {
    return identity.folder;
  }

  getPath(name: string): string {
    return getPath(name);
  }

  setPath(name: string, folder: string): void {
    setPath(name, folder);
  }

  /** Windows only; Electron does nothing elsewhere. */
  setAppUserModelId(_id: string): void {}

  requestSingleInstanceLock(additionalData?: Record<string, unknown>): boolean {
    const message = { argv: process.argv, cwd: process.cwd(), additionalData: additionalData ?? null };
    const isFirst = this.#instance.request(getPath('userData'), message, (second) => this.#onSecond(second));
    if (isFirst) this.#lifecycle.onChosen();
    return isFirst;
  }

  hasSingleInstanceLock(): boolean {
    return this.#instance.isFirst;
  }

  releaseSingleInstanceLock(): void {
    this.#instance.release();
  }

  /** Asks every window to close, then `will-quit`; each of them may forbid it. */
  quit(): void {
    if (this.#isQuitting || this.#hasEnded) return;
    this.#isQuitting = true;
    if (this.#isForbidden('before-quit')) return;
    for (const window of BrowserWindow.getAllWindows()) window.close();
    if (BrowserWindow.getAllWindows().length > 0) {
      this.#isQuitting = false;
      return;
    }
    if (!this.#hasEnded && !this.#isForbidden('will-quit')) this.#end(0);
  }

  /** Ends without asking anyone. */
  exit(code = 0): void {
    if (this.#hasEnded) return;
    this.#isQuitting = true;
    for (const window of BrowserWindow.getAllWindows()) window.destroy();
    this.#end(code);
  }

  #isForbidden(name: 'before-quit' | 'will-quit'): boolean {
    const event = createEvent({});
    this.emit(name, event);
    if (event.defaultPrevented) this.#isQuitting = false;
    return event.defaultPrevented;
  }

  #end(code: number): void {
    this.#hasEnded = true;
    this.#instance.release();
    this.emit('quit', createEvent({}), code);
    this.#lifecycle.end(code);
  }

  #onAllClosed(): void {
    if (this.#isQuitting) return;
    if (EventEmitter.listenerCount(this, 'window-all-closed') > 0) this.emit('window-all-closed');
    else this.quit();
  }

  #onSecond({ argv, cwd, additionalData }: SecondInstance): void {
    const tell = (): boolean => this.emit('second-instance', createEvent({}), argv, cwd, additionalData);
    if (this.#isReady) tell();
    else void this.#ready.promise.then(tell);
  }
}

export const app = new App();
