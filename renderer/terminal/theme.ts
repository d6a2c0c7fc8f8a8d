import type { ITheme } from '@xterm/xterm';

const names = {
  background: 'bg',
  foreground: 'text',
  cursor: 'cursor',
  cursorAccent: 'bg',
  selectionBackground: 'selection',
  black: 'black',
  red: 'red',
  green: 'green',
  yellow: 'yellow',
  blue: 'blue',
  magenta: 'magenta',
  cyan: 'cyan',
  white: 'white',
  brightBlack: 'bright-black',
  brightRed: 'bright-red',
  brightGreen: 'bright-green',
  brightYellow: 'bright-yellow',
  brightBlue: 'bright-blue',
  brightMagenta: 'bright-magenta',
  brightCyan: 'bright-cyan',
  brightWhite: 'bright-white',
} as const satisfies { readonly [Name in keyof ITheme]: string };

/** The value of a design token as it is now. */
export const tokenOf = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** The terminal's colours out of the design tokens, for the theme that is on. */
export function readTheme(): ITheme {
  return Object.fromEntries(Object.entries(names).map(([name, token]) => [name, tokenOf(`terminal-${token}`)]));
}
