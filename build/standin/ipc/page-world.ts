import type { Bridge, createBridge } from './bridge.ts';

/**
 * The page's half of a window: puts there what the preload exposes, and lends `window.open` and `window.close` Electron's
 * meaning. Runs before any script of the page. Self-contained: its source text runs in Chromium.
 */
export function installPageWorld(create: typeof createBridge, token: string): void {
  const { Object } = globalThis;
  const freeze = (value: unknown): void => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || Object.isFrozen(value)) return;
    Object.freeze(value);
    for (const item of Object.values(value)) if (!ArrayBuffer.isView(item)) freeze(item);
  };
  const expose = (name: string, api: unknown): void => {
    freeze(api);
    Object.defineProperty(globalThis, name, { value: api, enumerable: true });
  };
  const bridge: Bridge = create(token, 'page', (name, api) => expose(name as string, api));
  for (const [name, api] of bridge.ask('exposed') as [string, unknown][]) expose(name, api);
  const replace = (name: string, value: unknown): void => {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true });
  };
  // The main process is asked, and what it allows it would open itself: the page gets no window to hold.
  replace('open', (url = '', target = '_blank', features = ''): null => {
    bridge.ask('open', new URL(String(url), document.baseURI).href, String(target), String(features));
    return null;
  });
  replace('close', () => void bridge.ask('close'));
}

declare const document: { readonly baseURI: string };
