import type { createBridge } from './bridge.ts';
import type { createCodec } from './codec.ts';
import type { FromPage, ToPage } from './messages.ts';

export interface PreloadSetup {
  readonly token: string;
  readonly binding: string;
  readonly receiver: string;
  readonly pathQuestion: string;
  /** What a sandboxed preload script sees of `process`. */
  readonly process: Record<string, unknown>;
}

type Listener = (event: unknown, ...args: unknown[]) => void;
type PreloadScript = (require: (name: string) => unknown, module: object, exports: object, process: object) => void;

/**
 * The preload's half of a window: `require('electron')` for the preload script, and its way to the main process. Runs in a
 * world of its own, which no script of the page reaches. Self-contained: its source text runs in Chromium.
 */
export function installPreloadWorld(
  creators: { readonly bridge: typeof createBridge; readonly codec: typeof createCodec },
  setup: PreloadSetup,
  script: PreloadScript,
): void {
  const world = globalThis as unknown as Record<string, unknown> & { readonly location: { readonly href: string } };
  const codec = creators.codec({
    encode: (bytes) => (bytes as Uint8Array & { toBase64(): string }).toBase64(),
    decode: (text) => (Uint8Array as unknown as { fromBase64(text: string): Uint8Array<ArrayBuffer> }).fromBase64(text),
  });
  const post = world[setup.binding] as (text: string) => void;
  const send = (message: FromPage): void => post(codec.encode(message));
  const url = (): string => world.location.href;
  const unimplemented = (name: string, members: object): object =>
    new Proxy(members, {
      get: (target, key, receiver) => {
        if (typeof key === 'symbol' || key in target || key === 'then')
          return Reflect.get(target, key, receiver) as unknown;
        throw new Error(`the stand-in for Electron does not implement ${name}.${key} (build/standin/README.md)`);
      },
    });

  const exposed: (readonly [string, unknown])[] = [];
  let pageIsThere = false;
  const onPageAsks = (question: unknown, ...args: unknown[]): unknown => {
    const [first, target, features] = args as [string, string, string];
    if (question === 'open') send({ kind: 'open', url: first, target, features });
    if (question === 'close') send({ kind: 'close' });
    if (question !== 'exposed') return undefined;
    pageIsThere = true;
    return exposed;
  };
  const bridge = creators.bridge(setup.token, 'preload', onPageAsks);
  const exposeInMainWorld = (name: string, api: unknown): void => {
    if (exposed.some(([known]) => known === name)) {
      throw new Error(`Cannot bind an API on top of an existing property on the window object: ${name}`);
    }
    exposed.push([name, api]);
    if (pageIsThere) bridge.ask(name, api);
  };

  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, Listener[]>();
  let lastId = 0;
  const invoke = (channel: string, ...args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      lastId += 1;
      send({ kind: 'invoke', id: lastId, channel, args, url: url() });
      pending.set(lastId, { resolve, reject });
    });
  const off = (channel: string, listener: Listener): object => {
    const kept = [...(listeners.get(channel) ?? [])];
    const index = kept.findLastIndex((one) => one === listener || (one as { of?: Listener }).of === listener);
    if (index !== -1) kept.splice(index, 1);
    listeners.set(channel, kept);
    return ipcRenderer;
  };
  const on = (channel: string, listener: Listener): object => {
    listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
    return ipcRenderer;
  };
  const once = (channel: string, listener: Listener): object => {
    const first: Listener & { of?: Listener } = (event, ...args) => {
      off(channel, first);
      listener(event, ...args);
    };
    first.of = listener;
    return on(channel, first);
  };
  const removeAllListeners = (channel?: string): object => {
    if (channel === undefined) listeners.clear();
    else listeners.delete(channel);
    return ipcRenderer;
  };
  const ipcRenderer = unimplemented('ipcRenderer', {
    invoke,
    send: (channel: string, ...args: unknown[]) => send({ kind: 'send', channel, args, url: url() }),
    on,
    once,
    off,
    addListener: on,
    removeListener: off,
    removeAllListeners,
  });

  const receive = (message: ToPage): void => {
    if (message.kind === 'message') {
      for (const listener of listeners.get(message.channel) ?? []) {
        // One that throws is reported, and keeps neither the others nor the next message from coming.
        try {
          listener({ sender: ipcRenderer, ports: [] }, ...message.args);
        } catch (error) {
          reportError(error);
        }
      }
      return;
    }
    const waiting = pending.get(message.id);
    pending.delete(message.id);
    if (message.kind === 'answer') waiting?.resolve(message.value);
    else waiting?.reject(new Error(message.message));
  };
  Object.defineProperty(globalThis, setup.receiver, {
    value: (text: string) => receive(codec.decode(text) as ToPage),
  });

  // Chromium stops at the statement, the main process asks it for the file's path, writes it into `path` and goes on.
  const questions = {
    [setup.pathQuestion]: (_file: unknown): string => {
      // eslint-disable-next-line prefer-const -- written from outside
      let path = '';
      // eslint-disable-next-line no-debugger
      debugger;
      return path;
    },
  };
  const getPathForFile = (file: unknown): string => {
    if (Object.prototype.toString.call(file) !== '[object File]') {
      throw new TypeError("Failed to execute 'getPathForFile': parameter 1 is not of type 'File'.");
    }
    return questions[setup.pathQuestion]?.(file) ?? '';
  };

  const electron = unimplemented('electron (in a preload script)', {
    contextBridge: unimplemented('contextBridge', { exposeInMainWorld }),
    ipcRenderer,
    webUtils: unimplemented('webUtils', { getPathForFile }),
  });
  const require = (name: string): unknown => {
    if (name === 'electron' || name === 'electron/renderer') return electron;
    throw new Error(`module not found: ${name} (a sandboxed preload script can require electron only)`);
  };
  const module = { exports: {} };
  script(require, module, module.exports, setup.process);
}

declare const reportError: (error: unknown) => void;
