import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { DevTools, Json } from '../chromium/devtools.ts';
import { nodeCodec } from '../ipc/node-codec.ts';
import { bindingName, pathQuestionName, receiverName, worldName, type FromPage, type ToPage } from '../ipc/messages.ts';
import { toPageSource, toPreloadSource } from '../ipc/world-source.ts';
import { shownUrlPattern } from './address.ts';
import type { Attached, PageListener } from './targets.ts';

interface Frame {
  readonly id: string;
  readonly parentId?: string;
  readonly loaderId: string;
  readonly url: string;
}

interface PageEvents {
  /** The document is a new one; the address is Chromium's. */
  navigated: [url: string];
  domReady: [];
  loaded: [];
  message: [message: FromPage];
  crashed: [];
  title: [title: string];
  gone: [];
  request: [params: Json];
  /** The page opens a window by a link or a form; `open` in scripts never gets here. */
  popup: [url: string];
}

/** One page of Chromium's, over its DevTools session. */
export class Page extends EventEmitter<PageEvents> implements PageListener {
  readonly targetId: string;
  readonly #devTools: DevTools;
  readonly #attached: Attached;
  readonly #firstUrl: string;
  #mainFrame = '';
  #loaderId = '';
  #preloadContext: number | null = null;
  /** Encoded messages of this turn. */
  #outbox: string[] = [];
  /** Names the bridge's events, and proves that a question for a path comes from the preload's world. */
  readonly #token = randomBytes(16).toString('hex');

  constructor(devTools: DevTools, attached: Attached, firstUrl: string) {
    super();
    this.#devTools = devTools;
    this.#attached = attached;
    this.#firstUrl = firstUrl;
    this.targetId = attached.targetId;
  }

  get mainFrame(): string {
    return this.#mainFrame;
  }

  async send<Result = Json>(method: string, params: Json = {}): Promise<Result> {
    return this.#devTools.send<Result>(method, params, this.#attached.sessionId);
  }

  /** Everything that must be in place before the app's page is loaded. */
  async prepare(
    preload: { readonly text: string; readonly file: string },
    preloadProcess: Record<string, unknown>,
  ): Promise<void> {
    const token = this.#token;
    const names = { binding: bindingName, receiver: receiverName, pathQuestion: pathQuestionName };
    const setup = { token, ...names, process: preloadProcess };
    const preloadSource = toPreloadSource(setup, this.#firstUrl, preload.text, preload.file);
    const tree = this.send<{ frameTree: { frame: Frame } }>('Page.getFrameTree');
    await Promise.all([
      this.send('Page.enable'),
      this.send('Page.setLifecycleEventsEnabled', { enabled: true }),
      this.send('Runtime.enable'),
      this.send('Inspector.enable'),
      this.send('Debugger.enable'),
      this.send('Runtime.addBinding', { name: bindingName, executionContextName: worldName }),
      this.send('Page.addScriptToEvaluateOnNewDocument', { source: preloadSource, worldName }),
      this.send('Page.addScriptToEvaluateOnNewDocument', { source: toPageSource(token, this.#firstUrl) }),
      this.send('Fetch.enable', {
        patterns: [{ urlPattern: shownUrlPattern }, { urlPattern: '*', resourceType: 'Document' }],
      }),
      tree.then(({ frameTree }) => {
        this.#mainFrame = frameTree.frame.id;
      }),
    ]);
    if (this.#attached.isWaiting) await this.send('Runtime.runIfWaitingForDebugger');
  }

  /**
   * Messages of one turn of the event loop travel together; without a preload's world nobody hears them.
   * @throws what can't be cloned
   */
  post(message: ToPage): void {
    this.#outbox.push(nodeCodec.encode(message));
    if (this.#outbox.length === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const texts = this.#outbox;
    this.#outbox = [];
    if (this.#preloadContext === null) return;
    const params = {
      functionDeclaration: `function (...texts) { for (const text of texts) ${receiverName}(text); }`,
      arguments: texts.map((value) => ({ value })),
      executionContextId: this.#preloadContext,
      silent: true,
    };
    // A page that goes away takes what was meant for it along.
    this.send('Runtime.callFunctionOn', params).catch(() => undefined);
  }

  onTitle(title: string): void {
    this.emit('title', title);
  }

  onGone(): void {
    this.emit('gone');
  }

  onEvent(method: string, params: Json): void {
    switch (method) {
      case 'Runtime.bindingCalled':
        this.#onBinding(params as { name: string; payload: string; executionContextId: number });
        break;
      case 'Runtime.executionContextCreated':
        this.#onContext((params as { context: { id: number; name: string; auxData: { frameId: string } } }).context);
        break;
      case 'Runtime.executionContextsCleared':
        this.#preloadContext = null;
        break;
      case 'Page.frameNavigated':
        this.#onNavigated((params as { frame: Frame }).frame);
        break;
      case 'Page.lifecycleEvent':
        this.#onLifecycle(params as { frameId: string; loaderId: string; name: string });
        break;
      case 'Page.navigatedWithinDocument':
        if (params['frameId'] === this.#mainFrame) this.emit('navigated', params['url'] as string);
        break;
      case 'Page.windowOpen':
        this.emit('popup', params['url'] as string);
        break;
      case 'Fetch.requestPaused':
        this.emit('request', params);
        break;
      case 'Inspector.targetCrashed':
        this.#preloadContext = null;
        this.emit('crashed');
        break;
      case 'Debugger.paused':
        void this.#onPaused((params as { callFrames: { callFrameId: string; functionName: string }[] }).callFrames[0]);
        break;
      default:
    }
  }

  #onContext(context: { id: number; name: string; auxData: { frameId: string } }): void {
    if (context.name === worldName && context.auxData.frameId === this.#mainFrame) this.#preloadContext = context.id;
  }

  #onBinding({
    name,
    payload,
    executionContextId,
  }: {
    name: string;
    payload: string;
    executionContextId: number;
  }): void {
    if (name !== bindingName || executionContextId !== this.#preloadContext) return;
    this.emit('message', nodeCodec.decode(payload) as FromPage);
  }

  #onNavigated(frame: Frame): void {
    if (frame.parentId !== undefined || frame.url === this.#firstUrl) return;
    this.#mainFrame = frame.id;
    this.#loaderId = frame.loaderId;
    this.emit('navigated', frame.url);
  }

  #onLifecycle({ frameId, loaderId, name }: { frameId: string; loaderId: string; name: string }): void {
    if (frameId !== this.#mainFrame || loaderId !== this.#loaderId) return;
    if (name === 'DOMContentLoaded') this.emit('domReady');
    if (name === 'load') this.emit('loaded');
  }

  /** The preload asks for a file's path (ipc/preload-world.ts); any other `debugger` statement is passed over. */
  async #onPaused(frame: { callFrameId: string; functionName: string } | undefined): Promise<void> {
    try {
      if (frame?.functionName === pathQuestionName) {
        const evaluate = async (expression: string): Promise<{ result: { objectId?: string; value?: unknown } }> =>
          this.send('Debugger.evaluateOnCallFrame', { callFrameId: frame.callFrameId, expression });
        if ((await evaluate('setup.token')).result.value !== this.#token) return;
        const { objectId } = (await evaluate('_file')).result;
        const { path } = await this.send<{ path: string }>('DOM.getFileInfo', { objectId });
        await evaluate(`path = ${JSON.stringify(path)}`);
      }
    } finally {
      await this.send('Debugger.resume').catch(() => undefined);
    }
  }
}
