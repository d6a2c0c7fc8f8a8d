import * as v from 'valibot';

const integer = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));

/** What each setting may be. */
const entries = {
  theme: v.picklist(['system', 'light', 'dark']),
  /** Closing the window leaves the app in the tray, where the desktop has one. */
  closeToTray: v.boolean(),
  /** Start with the login, in the tray. */
  autostart: v.boolean(),
  /** Lock all vaults when the screen is locked. */
  lockOnScreenLock: v.boolean(),
  /** Lock all vaults when the machine goes to sleep. */
  lockOnSuspend: v.boolean(),
  /** Lock a project's vault when its last terminal ends. */
  lockWhenLastTerminalCloses: v.boolean(),
  /** Width of the project list in CSS pixels. */
  listWidthPx: integer(180, 600),
  /** Font families as in CSS, tried before the bundled one; empty for the bundled one alone. */
  terminalFontFamily: v.pipe(v.string(), v.maxLength(200), v.regex(/^[\p{L}\p{N} ,.'"_-]*$/u, 'names of fonts')),
  terminalFontSizePx: integer(8, 32),
  terminalCursor: v.picklist(['block', 'bar', 'underline']),
  terminalCursorBlinks: v.boolean(),
  /** Lines kept above the screen of each terminal. */
  terminalScrollbackLines: integer(0, 100_000),
  /** What the bell of the terminal in view does; of others it marks the tab. */
  terminalBell: v.picklist(['flash', 'none']),
  /** Programs that read the screen get the terminal's text. */
  terminalScreenReader: v.boolean(),
  copyOnSelect: v.boolean(),
  /** Ask before many lines are pasted, or lines that a program would run at once. */
  warnBeforePaste: v.boolean(),
  /** Bash tells where its prompts and its commands' output begin: terminals mark them and lead from one to the next. */
  marksPrompts: v.boolean(),
  /** A command that ran so long, in seconds, and ended while nobody looked is told of; 0 for none. */
  noticeAfterSeconds: integer(0, 86_400),
} as const;

/** What a person sets for the windows. Nothing secret; the engine core does not depend on any of it. */
export type Settings = { [Name in keyof typeof entries]: v.InferOutput<(typeof entries)[Name]> };

/** What holds until a person says otherwise. */
export const defaultSettings: Settings = {
  theme: 'system',
  closeToTray: true,
  autostart: false,
  lockOnScreenLock: true,
  lockOnSuspend: true,
  lockWhenLastTerminalCloses: false,
  listWidthPx: 260,
  terminalFontFamily: '',
  terminalFontSizePx: 13,
  terminalCursor: 'block',
  terminalCursorBlinks: false,
  terminalScrollbackLines: 10_000,
  terminalBell: 'flash',
  terminalScreenReader: false,
  copyOnSelect: false,
  warnBeforePaste: true,
  marksPrompts: true,
  noticeAfterSeconds: 10,
};

/** Reads settings from outside; whatever is missing or wrong becomes its default, one by one. */
export function parseSettings(input: unknown): Settings {
  const from = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {};
  const known = Object.entries(entries).filter(([name, schema]) => v.is(schema, from[name]));
  return { ...defaultSettings, ...Object.fromEntries(known.map(([name]) => [name, from[name]])) };
}

export const SettingsChangeSchema = v.partial(v.strictObject(entries));

export type SettingsChange = v.InferOutput<typeof SettingsChangeSchema>;
