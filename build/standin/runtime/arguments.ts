import path from 'node:path';

/** Electron's command line, taken apart. */
export interface Arguments {
  /** Modules of `-r`, loaded before the app. */
  readonly preloads: readonly string[];
  /** The app's folder or script; undefined: the one in `resources/`. */
  readonly app: string | undefined;
  readonly inspectPort: number | undefined;
  readonly inspectWaits: boolean;
  readonly debuggingPort: string | undefined;
  /** Switches for Chromium. */
  readonly switches: readonly string[];
  readonly printVersion: boolean;
}

/** Switches of Electron's command line that Chromium understands and the app may be started with. */
const chromiumSwitches =
  /^--(?:no-sandbox|disable-gpu|force-device-scale-factor=.*|lang=.*|force-prefers-reduced-motion)$/;

/** @param words without the program's own name */
export function parseArguments(words: readonly string[]): Arguments {
  const preloads: string[] = [];
  const switches: string[] = [];
  let app: string | undefined;
  let inspect: RegExpExecArray | null = null;
  let debuggingPort: string | undefined;
  let printVersion = false;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (app !== undefined) break;
    if (word === '-r' || word === '--require') {
      index += 1;
      preloads.push(words[index] ?? '');
    } else if (word === '-v' || word === '--version') printVersion = true;
    else if (word.startsWith('--remote-debugging-port=')) debuggingPort = word.split('=')[1];
    else if (word.startsWith('--inspect')) inspect = /^--inspect(-brk)?(?:=(?:.*:)?(\d+))?$/.exec(word);
    else if (chromiumSwitches.test(word)) switches.push(word);
    else if (!word.startsWith('-')) app = path.resolve(word);
  }
  return {
    preloads,
    app,
    inspectPort: inspect === null ? undefined : Number(inspect[2] ?? 9229),
    inspectWaits: inspect?.[1] !== undefined,
    debuggingPort,
    switches,
    printVersion,
  };
}
