import type { Chromium } from '../chromium/chromium.ts';
import type { Clipboard } from '../x11/clipboard.ts';
import type { Screen } from '../x11/screen.ts';
import type { WindowCatcher } from '../x11/window-catcher.ts';
import type { Targets } from './targets.ts';

/** What windows are made of, once the app is ready. */
export interface WindowHost {
  readonly chromium: Chromium;
  readonly screen: Screen;
  readonly clipboard: Clipboard;
  readonly catcher: WindowCatcher;
  readonly targets: Targets;
}

let host: WindowHost | null = null;

export function setWindowHost(ready: WindowHost): void {
  host = ready;
}

/** @throws before the app is ready, in Electron's words */
export function getWindowHost(what: string): WindowHost {
  if (host === null) throw new Error(`Cannot create ${what} before app is ready`);
  return host;
}

let lastOpening: Promise<unknown> = Promise.resolve();

/** One window at a time is opened, so that Chromium's next new one is known to be its. */
export async function openOneByOne<Result>(open: () => Promise<Result>): Promise<Result> {
  const opening = lastOpening.then(open);
  lastOpening = opening.catch(() => undefined);
  return opening;
}
