import { guarded } from '../runtime/unimplemented.ts';

const appended = new Map<string, string>();
let isPassedOn = false;

/** Electron's `app.commandLine`: switches for Chromium. */
export const commandLine = guarded('app.commandLine', {
  appendSwitch: (name: string, value = ''): void => {
    if (isPassedOn) throw new Error(`commandLine.appendSwitch('${name}'): Chromium has its command line already`);
    appended.set(name.replace(/^--/, ''), value);
  },
  hasSwitch: (name: string): boolean => appended.has(name) || findArgument(name) !== undefined,
  getSwitchValue: (name: string): string => appended.get(name) ?? findArgument(name) ?? '',
});

function findArgument(name: string): string | undefined {
  const word = process.argv.find((one) => one === `--${name}` || one.startsWith(`--${name}=`));
  return word?.slice(name.length + 3);
}

/** As Chromium is given them; from now on none can be added. */
export function takeSwitches(): string[] {
  isPassedOn = true;
  return [...appended].map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`));
}
