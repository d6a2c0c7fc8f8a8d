import { expect, it } from 'vitest';
import { defaultSettings, parseSettings, SettingsChangeSchema } from '../../../preload/contract/settings.ts';
import * as v from 'valibot';
import { findSettings, toSettingList } from './setting-list.ts';

/** Set elsewhere: the list's width by dragging it. */
const elsewhere = ['listWidthPx'];

it('shows every setting, once', () => {
  const shown = toSettingList(true).map(({ name }) => name);
  expect([...shown, ...elsewhere].toSorted()).toEqual(Object.keys(defaultSettings).toSorted());
});

it('is searched by every word', () => {
  const found = (typed: string) => findSettings(toSettingList(true), typed).map(({ name }) => name);
  expect(found('tray close')).toEqual(['closeToTray']);
  expect(found('FONT size')).toEqual(['terminalFontSizePx']);
  expect(found('nothing like it')).toEqual([]);
});

it('loses only what is wrong in a file, and takes no other changes', () => {
  const input = { theme: 'dark', terminalFontSizePx: 7, terminalFontFamily: 'a; } body {', extra: 1 };
  expect(parseSettings(input)).toEqual({ ...defaultSettings, theme: 'dark' });
  expect(parseSettings(null)).toEqual(defaultSettings);
  expect(v.is(SettingsChangeSchema, { terminalBell: 'loud' })).toBe(false);
  expect(v.is(SettingsChangeSchema, { terminalBell: 'none' })).toBe(true);
});
