import * as v from 'valibot';

/** What a person sets for the windows. Nothing secret; the engine core does not depend on any of it. */
export const SettingsSchema = v.object({
  theme: v.fallback(v.picklist(['system', 'light', 'dark']), 'system'),
  /** Closing the window leaves the app in the tray, where the desktop has one. */
  closeToTray: v.fallback(v.boolean(), true),
  /** Start with the login, in the tray. */
  autostart: v.fallback(v.boolean(), false),
  terminalFontSizePx: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(8), v.maxValue(32)), 13),
  copyOnSelect: v.fallback(v.boolean(), false),
  /** Width of the project list in CSS pixels. */
  listWidthPx: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(180), v.maxValue(600)), 260),
});

export type Settings = v.InferOutput<typeof SettingsSchema>;

/** Reads settings from outside; whatever is missing or wrong becomes its default, one by one. */
export function parseSettings(input: unknown): Settings {
  const result = v.safeParse(SettingsSchema, typeof input === 'object' && input !== null ? input : {});
  return result.success ? result.output : v.parse(SettingsSchema, {});
}

export const SettingsChangeSchema = v.partial(
  v.strictObject({
    theme: v.picklist(['system', 'light', 'dark']),
    closeToTray: v.boolean(),
    autostart: v.boolean(),
    terminalFontSizePx: v.pipe(v.number(), v.integer(), v.minValue(8), v.maxValue(32)),
    copyOnSelect: v.boolean(),
    listWidthPx: v.pipe(v.number(), v.integer(), v.minValue(180), v.maxValue(600)),
  }),
);

export type SettingsChange = v.InferOutput<typeof SettingsChangeSchema>;
