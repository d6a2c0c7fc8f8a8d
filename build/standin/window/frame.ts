import { guarded } from '../runtime/unimplemented.ts';

/** Electron's WebFrameMain of a window's top frame, which is the only one with a preload script and so the only sender. */
export function toFrame(url: string): Electron.WebFrameMain {
  const frame: Electron.WebFrameMain = guarded('senderFrame', {
    url,
    origin: toOrigin(url),
    parent: null,
    get top() {
      return frame;
    },
    detached: false,
    isDestroyed: () => false,
  }) as unknown as Electron.WebFrameMain;
  return frame;
}

/** As Chromium serialises the origin of a standard scheme; Node's URL knows own schemes' origins as `null`. */
function toOrigin(url: string): string {
  if (!URL.canParse(url)) return 'null';
  const { protocol, host, origin } = new URL(url);
  return origin === 'null' && host !== '' ? `${protocol}//${host}` : origin;
}
