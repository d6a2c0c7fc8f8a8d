import path from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { missingForDesktop, startDesktop, type Desktop } from '../testing/desktop.ts';
import { firstPage, launch, runtime, type LaunchOptions } from '../testing/launch.ts';

export const appFolder = path.join(import.meta.dirname, 'app');

/** What contract/app/main.mjs writes down. */
export interface Contract {
  readonly events: string[];
  readonly senders: { readonly url: string; readonly isTop: boolean; readonly id: number }[];
  readonly menuClicks: string[];
  readonly opened: string[];
  readonly navigations: string[];
  readonly asked: string[];
  denyQuit: boolean;
  openWindow(show?: boolean): number;
  openTray(): void;
}

/** The page's side of contract/app/preload.cjs. */
export interface ContractApi {
  readonly text: string;
  readonly nested: { readonly list: unknown[] };
  readonly custom: object;
  readonly sees: { readonly platform: string; readonly electron: string; readonly moduleError: string };
  echo(value: unknown): unknown;
  invoke(channel: string, ...args: unknown[]): Promise<unknown>;
  post(value: unknown): void;
  on(listener: (value: unknown) => void): () => void;
  once(listener: (value: unknown) => void): void;
  later(value: unknown): Promise<unknown>;
  refuse(): Promise<unknown>;
  throws(): unknown;
  callBack(callback: (value: number) => number): number;
  checkBytes(bytes: Uint8Array): unknown;
  pathOf(file: unknown): string;
}

declare global {
  var contract: Contract & ContractApi;
  var drops: string[][];
}

export interface Fixture {
  readonly desktop: Desktop;
  /** Starts the contract app; it is ended with the test. */
  start(args?: readonly string[], options?: Partial<LaunchOptions>): Promise<ElectronApplication>;
  /** The same, with its first page. */
  startWithPage(args?: readonly string[]): Promise<{ app: ElectronApplication; page: Page }>;
}

/** A group of contract tests with a desktop of their own; skipped, and saying why, where there can be none. */
export function contractTests(name: string, define: (fixture: Fixture) => void): void {
  const missing = missingForDesktop();
  if (missing !== null) {
    describe.skip(`${name} (skipped: ${missing})`, () => undefined);
    return;
  }
  describe(`${name} on ${runtime.kind === 'electron' ? 'Electron' : 'the stand-in'} ${runtime.version}`, () => {
    const running = new Set<ElectronApplication>();
    let desktop: Desktop | null = null;
    const fixture: Fixture = {
      get desktop() {
        if (desktop === null) throw new Error('the desktop is there only while tests run');
        return desktop;
      },
      start: async (args = [], options = {}) => {
        const app = await launch({ desktop: fixture.desktop, args: [appFolder, ...args], ...options });
        running.add(app);
        return app;
      },
      startWithPage: async (args = []) => {
        const app = await fixture.start(args);
        return { app, page: await firstPage(app) };
      },
    };
    beforeAll(async () => {
      desktop = await startDesktop();
    });
    afterEach(async () => {
      for (const app of running) await app.close().catch(() => undefined);
      running.clear();
    });
    afterAll(async () => desktop?.stop());
    define(fixture);
  });
}

/** What the app has written down so far. */
export const eventsOf = async (app: ElectronApplication): Promise<string[]> =>
  app.evaluate(() => globalThis.contract.events);
