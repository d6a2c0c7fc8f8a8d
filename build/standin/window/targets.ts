import type { DevTools, Json } from '../chromium/devtools.ts';

interface TargetInfo {
  readonly targetId: string;
  readonly type: string;
  readonly url: string;
  readonly title: string;
}

export interface Attached {
  readonly sessionId: string;
  readonly targetId: string;
  /** It stands still until `Runtime.runIfWaitingForDebugger`. */
  readonly isWaiting: boolean;
}

export interface PageListener {
  readonly onEvent: (method: string, params: Json) => void;
  readonly onTitle: (title: string) => void;
  readonly onGone: () => void;
}

/** Chromium's pages: finds the one that belongs to a window, brings each its events, and ends those that nobody asked for. */
export class Targets {
  readonly #devTools: DevTools;
  readonly #expected = new Map<string, (attached: Attached) => void>();
  readonly #listeners = new Map<string, PageListener>();
  readonly #sessions = new Map<string, string>();

  constructor(devTools: DevTools) {
    this.#devTools = devTools;
    devTools.listen((method, params, sessionId) => this.#onEvent(method, params, sessionId));
  }

  async start(): Promise<void> {
    const autoAttach = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true };
    await this.#devTools.send('Target.setAutoAttach', autoAttach);
    await this.#devTools.send('Target.setDiscoverTargets', { discover: true });
  }

  /** Resolves when Chromium opens a page with exactly that address. */
  async expect(url: string): Promise<Attached> {
    return new Promise((resolve) => this.#expected.set(url, resolve));
  }

  listen(attached: Attached, listener: PageListener): void {
    this.#listeners.set(attached.sessionId, listener);
    this.#sessions.set(attached.targetId, attached.sessionId);
  }

  async close(targetId: string): Promise<void> {
    await this.#devTools.send('Target.closeTarget', { targetId }).catch(() => undefined);
  }

  #onEvent(method: string, params: Json, sessionId: string | undefined): void {
    if (sessionId !== undefined && !method.startsWith('Target.')) {
      this.#listeners.get(sessionId)?.onEvent(method, params);
    } else if (method === 'Target.attachedToTarget') {
      this.#onAttached(params as { sessionId: string; targetInfo: TargetInfo; waitingForDebugger: boolean });
    } else if (method === 'Target.targetInfoChanged') {
      const { targetId, title } = params['targetInfo'] as TargetInfo;
      this.#listenerOf(targetId)?.onTitle(title);
    } else if (method === 'Target.targetDestroyed') this.#onDestroyed(params['targetId'] as string);
  }

  #onAttached(event: { sessionId: string; targetInfo: TargetInfo; waitingForDebugger: boolean }): void {
    const { sessionId, targetInfo, waitingForDebugger: isWaiting } = event;
    const expected = this.#expected.get(targetInfo.url);
    if (expected !== undefined) {
      this.#expected.delete(targetInfo.url);
      expected({ sessionId, targetId: targetInfo.targetId, isWaiting });
      return;
    }
    if (targetInfo.type === 'page') {
      void this.close(targetInfo.targetId);
      return;
    }
    // Workers and the like are the page's own affair.
    if (isWaiting) this.#devTools.send('Runtime.runIfWaitingForDebugger', {}, sessionId).catch(() => undefined);
  }

  #onDestroyed(targetId: string): void {
    const listener = this.#listenerOf(targetId);
    const sessionId = this.#sessions.get(targetId);
    if (sessionId !== undefined) this.#listeners.delete(sessionId);
    this.#sessions.delete(targetId);
    listener?.onGone();
  }

  #listenerOf(targetId: string): PageListener | undefined {
    const sessionId = this.#sessions.get(targetId);
    return sessionId === undefined ? undefined : this.#listeners.get(sessionId);
  }
}
