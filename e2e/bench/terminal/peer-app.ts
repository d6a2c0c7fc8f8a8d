import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { _electron, type Page } from 'playwright';
import { openDesktop } from '../desktop/app.ts';
import type { Bench } from '../world/bench.ts';
import { dockerHostOf } from '../world/docker-host.ts';

const require = createRequire(import.meta.url);

/**
 * The least terminal there is, in a window of the same runtime: what the app is measured against. Its pty is read in VS
 * Code's way: strings, joined for 5 ms (src/vs/platform/terminal, TerminalDataBufferer).
 */
const mainScript = (ptyModule: string): string => `const { app, BrowserWindow, ipcMain } = require('electron');
const path = require('node:path');
app.setPath('userData', path.join(__dirname, 'data'));
let window;
app.whenReady().then(() => {
  window = new BrowserWindow({ width: 1100, height: 720, webPreferences: { preload: path.join(__dirname, 'preload.cjs'), sandbox: true } });
  return window.loadFile(path.join(__dirname, 'index.html'));
});
let pending = 0, left = 0;
const piece = new Uint8Array(64 * 1024).fill(120);
const pump = () => {
  while (left > 0 && pending < 512 * 1024) {
    const bytes = left < piece.length ? piece.subarray(0, left) : piece;
    left -= bytes.length; pending += bytes.length;
    window.webContents.send('bytes', bytes);
  }
};
ipcMain.on('carry', (_event, bytes) => { left = bytes; pending = 0; pump(); });
ipcMain.on('ack', (_event, bytes) => { pending -= bytes; pump(); });
let terminal = null;
ipcMain.on('open', (_event, program, args, environment) => {
  terminal = require(${JSON.stringify(ptyModule)}).spawn(program, args, { name: 'xterm-256color', cols: 100, rows: 30, env: { ...process.env, ...environment } });
  let waiting = [], timer;
  terminal.onData((data) => {
    waiting.push(data);
    timer ??= setTimeout(() => { timer = undefined; window.webContents.send('text', waiting.join('')); waiting = []; }, 5);
  });
});
let echoes = false;
ipcMain.on('echo', (_event, on) => { echoes = on; });
ipcMain.on('input', (_event, text) => { if (echoes) window.webContents.send('text', text); else terminal.write(text); });
`;

const preloadScript = `const { contextBridge, ipcRenderer } = require('electron');
contextBridge.exposeInMainWorld('peer', {
  on: (name, listener) => { ipcRenderer.on(name, (_event, value) => listener(value)); },
  send: (name, ...values) => ipcRenderer.send(name, ...values),
});
`;

/** Stands in the page beside xterm.js. */
interface PeerPage {
  readonly Terminal: new (options: object) => {
    open(element: HTMLElement): void;
    write(data: string | Uint8Array, done?: () => void): void;
    onData(listener: (text: string) => void): void;
    focus(): void;
  };
  readonly peer: {
    on(name: string, listener: (value: never) => void): void;
    send(name: string, ...values: unknown[]): void;
  };
}

/** What a page of this runtime can do at most. */
export interface Peer {
  readonly page: Page;
  readonly runtime: string;
  /** Of its main process. */
  readonly processId: number;
  /** xterm.js alone, fed with lines from the page's own memory: milliseconds. */
  feedTerminal(bytes: number): Promise<number>;
  /** So many bytes from main to the page, which only counts and acknowledges them: milliseconds. */
  carry(bytes: number): Promise<number>;
  /** A shell of the container in VS Code's way, at its prompt. */
  openShell(containerId: string): Promise<void>;
  /** Whether main sends keys straight back, past the shell: the way through the runtime and nothing else. */
  setEcho(isOn: boolean): Promise<void>;
  close(): Promise<void>;
}

export async function openPeer(bench: Bench): Promise<Peer> {
  const desktop = await openDesktop(bench);
  const folder = path.join(bench.root, 'peer-app');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{ "name": "peer", "version": "1.0.0", "main": "main.cjs" }');
  await writeFile(path.join(folder, 'main.cjs'), mainScript(require.resolve('node-pty')));
  await writeFile(path.join(folder, 'preload.cjs'), preloadScript);
  await writeFile(
    path.join(folder, 'index.html'),
    '<!doctype html><title>peer</title><div id="screen" style="height: 600px"></div>',
  );
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const electron = await _electron.launch({
    args: [folder],
    env: { ...(Object.fromEntries(inherited) as Record<string, string>), ...desktop.environment },
  });
  bench.atEnd(async () => electron.close());
  const page = await electron.firstWindow();
  await page.locator('#screen').waitFor({ state: 'attached' });
  const xterm = require.resolve('@xterm/xterm');
  await page.addStyleTag({ path: path.join(path.dirname(xterm), '..', 'css', 'xterm.css') });
  await page.addScriptTag({ path: xterm });
  const runtime = await electron.evaluate(() => process.versions['electron'] ?? 'unknown');
  return {
    page,
    runtime,
    processId: electron.process().pid ?? 0,
    feedTerminal: async (bytes) => page.evaluate(feedInPage, bytes),
    carry: async (bytes) => page.evaluate(carryInPage, bytes),
    openShell: async (containerId) => {
      const args = ['exec', '--interactive', '--tty', '--workdir', '/workspace', containerId, 'bash'];
      await page.evaluate(openInPage, { args, environment: { DOCKER_HOST: dockerHostOf(bench) } });
      await page.locator('.xterm-rows').filter({ hasText: '/workspace' }).waitFor();
      await page.locator('.xterm-helper-textarea').focus();
    },
    setEcho: async (isOn) => page.evaluate((on) => (globalThis as unknown as PeerPage).peer.send('echo', on), isOn),
    close: async () => electron.close(),
  };
}

async function feedInPage(bytes: number): Promise<number> {
  const { Terminal } = globalThis as unknown as PeerPage;
  const host = document.querySelector<HTMLElement>('#screen');
  if (host === null) throw new Error('the page is another');
  host.replaceChildren();
  const terminal = new Terminal({ cols: 100, rows: 30, scrollback: 10_000 });
  terminal.open(host);
  const line = 'built one more thing of many '.repeat(3).slice(0, 73);
  const piece = new TextEncoder().encode(`${line}\r\n`.repeat(870));
  const began = performance.now();
  for (let left = bytes; left > 0;) {
    // A window of 512 KiB, as the app has it.
    const batch = Array.from({ length: Math.min(8, Math.ceil(left / piece.length)) }, () => piece);
    left -= batch.length * piece.length;
    await Promise.all(batch.map(async (one) => new Promise<void>((resolve) => terminal.write(one, resolve))));
  }
  await new Promise((resolve) => requestAnimationFrame(resolve));
  return performance.now() - began;
}

async function carryInPage(bytes: number): Promise<number> {
  const { peer } = globalThis as unknown as PeerPage;
  const began = performance.now();
  let got = 0;
  let untold = 0;
  return new Promise((resolve) => {
    peer.on('bytes', (piece: Uint8Array) => {
      got += piece.length;
      untold += piece.length;
      if (untold >= 32 * 1024) {
        peer.send('ack', untold);
        untold = 0;
      }
      if (got === bytes) resolve(performance.now() - began);
    });
    peer.send('carry', bytes);
  });
}

function openInPage({
  args,
  environment,
}: {
  readonly args: readonly string[];
  readonly environment: Record<string, string>;
}): void {
  const { Terminal, peer } = globalThis as unknown as PeerPage;
  const host = document.querySelector<HTMLElement>('#screen');
  if (host === null) throw new Error('the page is another');
  host.replaceChildren();
  const terminal = new Terminal({ cols: 100, rows: 30, scrollback: 10_000 });
  terminal.open(host);
  terminal.onData((text) => peer.send('input', text));
  peer.on('text', (text: string) => terminal.write(text));
  peer.send('open', 'docker', args, environment);
}
