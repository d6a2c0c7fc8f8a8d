import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { DevTools, type Json } from './devtools.ts';
import { locateChromium } from './locate.ts';
import { openAppWindow } from './open-app-window.ts';
import { createProfile, removeProfile } from './profile.ts';

export interface ChromiumOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Switches of the app and of Electron's command line, as `--name` or `--name=value`. */
  readonly switches: readonly string[];
  /** A debugging port beside the pipe: only where Playwright asks for one. */
  readonly debuggingPort: string | undefined;
  /** Chromium ended although nobody asked it to. */
  readonly onLost: (reason: string) => void;
}

/** How long Chromium may take to end by itself, in milliseconds. */
const endPatienceMs = 3_000;

/** The one Chromium process behind all windows. It ends with us, whichever way we end: its pipe closes then. */
export class Chromium {
  readonly devTools: DevTools;
  readonly profile: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  #closing = false;

  private constructor(child: ChildProcess, profile: string, options: ChromiumOptions) {
    this.#process = child;
    this.profile = profile;
    this.devTools = new DevTools(child.stdio[3] as Writable, child.stdio[4] as Readable);
    const lastWords = followErrors(child.stderr as Readable);
    this.#ended = new Promise((resolve) => {
      child.on('error', () => resolve());
      child.on('exit', (code, signal) => {
        this.devTools.close();
        resolve();
        if (!this.#closing) options.onLost(`Chromium ended (${signal ?? `exit code ${code}`})\n${lastWords()}`);
      });
    });
  }

  static async start(options: ChromiumOptions): Promise<Chromium> {
    const program = locateChromium(options.environment);
    const profile = createProfile(tmpdir());
    const child = spawn(program, toArguments(profile, options), {
      env: options.environment,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    });
    const chromium = new Chromium(child, profile, options);
    await chromium.devTools.send('Browser.getVersion');
    return chromium;
  }

  /** Chromium's own version, as `156.0.8078.79`. */
  async version(): Promise<string> {
    const { product } = await this.devTools.send<{ product: string }>('Browser.getVersion');
    return product.split('/')[1] ?? product;
  }

  /** The process that owns the windows; a wrapper script may have been started in its place. */
  async browserPid(): Promise<number> {
    const { processInfo } = await this.devTools.send<{ processInfo: readonly { type: string; id: number }[] }>(
      'SystemInfo.getProcessInfo',
    );
    return processInfo.find(({ type }) => type === 'browser')?.id ?? this.#process.pid ?? 0;
  }

  async openWindow(url: string): Promise<void> {
    await openAppWindow(this.profile, url);
  }

  /** Resolves when the process is gone and its profile is removed. */
  async close(): Promise<void> {
    this.#closing = true;
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), endPatienceMs);
    this.devTools.send('Browser.close').catch((): Json => ({}));
    await this.#ended;
    clearTimeout(timer);
    removeProfile(this.profile);
  }
}

function toArguments(profile: string, { switches, debuggingPort }: ChromiumOptions): string[] {
  const isRoot = process.getuid?.() === 0;
  return [
    `--user-data-dir=${profile}`,
    '--remote-debugging-pipe',
    ...(debuggingPort === undefined ? [] : [`--remote-debugging-port=${debuggingPort}`]),
    '--no-startup-window',
    '--no-first-run',
    '--no-default-browser-check',
    '--password-store=basic',
    '--ozone-platform=x11',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    ...(isRoot && !switches.includes('--no-sandbox') ? ['--no-sandbox'] : []),
    ...switches,
  ];
}

/** Passes on the one line that Playwright reads, and keeps the last lines for when something goes wrong. */
function followErrors(stream: Readable): () => string {
  const last: string[] = [];
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('DevTools listening on ')) process.stderr.write(`${line}\n`);
      else last.push(line);
    }
    last.splice(0, Math.max(0, last.length - 20));
  });
  return () => last.join('\n');
}
