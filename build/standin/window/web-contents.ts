import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { answerInvoke } from '../ipc/answer-invoke.ts';
import { ipcMain } from '../ipc/ipc-main.ts';
import type { FromPage } from '../ipc/messages.ts';
import { createEvent } from '../runtime/event.ts';
import { GuardedEmitter, UnimplementedError } from '../runtime/unimplemented.ts';
import { toReal, toShown } from './address.ts';
import { toFrame } from './frame.ts';
import type { Page } from './page.ts';
import { applyPermissions } from './permissions.ts';
import { Protocol } from './protocol.ts';
import { createRequestHandler } from './requests.ts';
import { toSenderEvent } from './sender-event.ts';
import { defaultSession, Session } from './session.ts';
import { applyTheme } from './theme.ts';

const events = [
  'did-finish-load',
  'did-fail-load',
  'dom-ready',
  'destroyed',
  'render-process-gone',
  'will-navigate',
  'will-redirect',
  'did-navigate',
  'page-title-updated',
  // There are no webview tags here, so nothing is ever attached.
  'will-attach-webview',
];

type OpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0];

/** What the window around it does for its contents. */
export interface ContentsOwner {
  /** Resolves once there is a page. */
  readonly page: Promise<Page>;
  /** The page asked to be closed. */
  readonly close: () => void;
  readonly destroy: () => void;
}

const all = new Map<number, WebContents>();

/** Electron's `webContents`: one page and the messages to and from it. */
export class WebContents extends GuardedEmitter {
  readonly #owner: ContentsOwner;
  readonly #id: number;
  #page: Page | null = null;
  #url = '';
  #title = '';
  #loading = false;
  #ours = false;
  #crashed = false;
  #destroyed = false;
  #openHandler: OpenHandler = () => ({ action: 'allow' });

  constructor(id: number, owner: ContentsOwner) {
    super('webContents', events);
    this.#id = id;
    this.#owner = owner;
    all.set(id, this);
    owner.page.then(
      (page) => this.#adopt(page),
      // Who loads a page learns of it.
      () => undefined,
    );
  }

  static fromId(id: number): Electron.WebContents | undefined {
    const contents = all.get(id);
    return contents === undefined ? undefined : toElectron(contents);
  }

  static fromDevToolsTargetId(targetId: string): Electron.WebContents | undefined {
    const found = WebContents.#ofTarget(targetId);
    return found === undefined ? undefined : toElectron(found);
  }

  static getAllWebContents(): Electron.WebContents[] {
    return [...all.values()].map((contents) => toElectron(contents));
  }

  get id(): number {
    return this.#id;
  }

  get session(): Electron.Session {
    return defaultSession as unknown as Electron.Session;
  }

  get mainFrame(): Electron.WebFrameMain {
    return toFrame(this.#url);
  }

  send(channel: string, ...args: unknown[]): void {
    this.#page?.post({ kind: 'message', channel, args });
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  isLoading(): boolean {
    return this.#loading;
  }

  isCrashed(): boolean {
    return this.#crashed;
  }

  getURL(): string {
    return this.#url;
  }

  getTitle(): string {
    return this.#title;
  }

  /** @throws Electron's `ERR_… (-n) loading '…'` where Chromium can't */
  async loadURL(url: string): Promise<void> {
    this.#loading = true;
    const page = await this.#owner.page;
    this.#ours = true;
    const shown = toShown(url, Protocol.schemesOf(Session.protocolOf(defaultSession)));
    const loaded = new Promise<void>((resolve) => page.once('loaded', resolve));
    const { errorText } = await page.send<{ errorText?: string }>('Page.navigate', { url: shown });
    this.#ours = false;
    if (errorText !== undefined && errorText !== '') {
      this.#loading = false;
      const code = errorText.replace('net::', '');
      this.emit('did-fail-load', createEvent({}), -2, code, url, true);
      throw new Error(`${code} (-2) loading '${url}'`);
    }
    await loaded;
  }

  async loadFile(file: string): Promise<void> {
    await this.loadURL(pathToFileURL(path.resolve(file)).href);
  }

  reload(): void {
    this.#loading = true;
    this.#ours = true;
    this.#page?.send('Page.reload').catch(() => undefined);
  }

  async executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    const page = await this.#owner.page;
    const params = { expression: code, awaitPromise: true, returnByValue: true, userGesture };
    interface Answer {
      readonly result: { readonly value?: unknown };
      readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
    }
    const { result, exceptionDetails } = await page.send<Answer>('Runtime.evaluate', params);
    if (exceptionDetails === undefined) return result.value;
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  close(): void {
    this.#owner.destroy();
  }

  static #ofTarget(targetId: string | undefined): WebContents | undefined {
    return [...all.values()].find((contents) => contents.#page?.targetId === targetId);
  }

  static updateAll(): void {
    for (const contents of all.values()) contents.#applySettings();
  }

  /** The window is gone. */
  static markDestroyed(contents: WebContents): void {
    if (contents.#destroyed) return;
    contents.#destroyed = true;
    all.delete(contents.#id);
    contents.emit('destroyed');
  }

  #adopt(page: Page): void {
    this.#page = page;
    page.on('message', (message) => this.#onMessage(message));
    page.on('navigated', (url) => this.#onNavigated(url));
    page.on('domReady', () => this.#onDomReady(page));
    page.on('loaded', () => this.#onLoaded());
    page.on('crashed', () => this.#onCrash());
    page.on('popup', (url) => this.#onOpen({ kind: 'open', url, target: '', features: '' }));
    page.on('title', () => void this.#readTitle(page));
    const onRequest = createRequestHandler({
      protocol: Session.protocolOf(defaultSession),
      send: async (method, params) => page.send(method, params),
      mayNavigate: (url, isRedirect) => this.#mayNavigate(url, isRedirect),
      mainFrame: () => page.mainFrame,
    });
    page.on('request', onRequest);
    this.#applySettings();
  }

  #applySettings(): void {
    const page = this.#page;
    if (page === null || this.#destroyed) return;
    applyTheme(page).catch(() => undefined);
    if (this.#url !== '') this.#applyPermissions(page);
  }

  #applyPermissions(page: Page): void {
    const schemes = Protocol.schemesOf(Session.protocolOf(defaultSession));
    const addresses = { shownUrl: toShown(this.#url, schemes), realUrl: this.#url };
    const send: Parameters<typeof applyPermissions>[0]['send'] = async (method, params) => page.send(method, params);
    applyPermissions({ send }, Session.handlersOf(defaultSession), toElectron(this), addresses).catch(() => undefined);
  }

  #mayNavigate(url: string, isRedirect: boolean): boolean {
    if (this.#ours && !isRedirect) return true;
    const event = createEvent({ url, isMainFrame: true, isSameDocument: false, frame: this.mainFrame });
    this.emit(isRedirect ? 'will-redirect' : 'will-navigate', event, url, false, true);
    return !event.defaultPrevented;
  }

  #onNavigated(shownUrl: string): void {
    this.#url = toReal(shownUrl);
    this.#loading = true;
    this.#ours = false;
    this.#crashed = false;
    if (this.#page !== null) this.#applyPermissions(this.#page);
    this.emit('did-navigate', createEvent({}), this.#url, 200, 'OK');
  }

  #onDomReady(page: Page): void {
    void this.#readTitle(page);
    this.emit('dom-ready', createEvent({}));
  }

  #onLoaded(): void {
    this.#loading = false;
    this.emit('did-finish-load', createEvent({}));
  }

  #onCrash(): void {
    this.#loading = false;
    this.#crashed = true;
    this.emit('render-process-gone', createEvent({}), { reason: 'crashed', exitCode: 5 });
  }

  async #readTitle(page: Page): Promise<void> {
    const title = await this.executeJavaScript('document.title').catch(() => '');
    if (typeof title !== 'string' || title === '' || title === this.#title || page !== this.#page) return;
    this.#title = title;
    this.emit('page-title-updated', createEvent({}), title, true);
  }

  #onMessage(message: FromPage): void {
    switch (message.kind) {
      case 'invoke':
        void answerInvoke(
          message,
          toSenderEvent(toElectron(this), message.url) as Electron.IpcMainInvokeEvent,
          (answer) => this.#page?.post(answer),
        );
        break;
      case 'send':
        ipcMain.emit(message.channel, toSenderEvent(toElectron(this), message.url), ...message.args);
        break;
      case 'open':
        this.#onOpen(message);
        break;
      case 'close':
        this.#owner.close();
        break;
      default:
    }
  }

  #onOpen({ url, target, features }: Extract<FromPage, { kind: 'open' }>): void {
    const details = {
      url: toReal(url),
      frameName: target,
      features,
      disposition: 'new-window',
      referrer: { url: '', policy: 'default' },
    };
    const answer = this.#openHandler(details as Electron.HandlerDetails);
    if (answer.action !== 'deny') throw new UnimplementedError("setWindowOpenHandler's answer 'allow'");
  }
}

/** To the app ours are Electron's; what they lack throws by name. */
export const toElectron = (contents: WebContents): Electron.WebContents => contents as unknown as Electron.WebContents;
