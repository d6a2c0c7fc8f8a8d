import { describe, expect, it } from 'vitest';
import { keyLabel, toKeyAction, type KeyPlace } from './key-map.ts';

/** `Ctrl-Shift-T` as a browser tells it. */
function press(text: string) {
  const parts = text.split('+');
  const key = parts.at(-1) ?? '';
  const shiftKey = parts.includes('Shift');
  const codes: Readonly<Record<string, string>> = { ',': 'Comma', '=': 'Equal', '-': 'Minus', ']': 'BracketRight' };
  const code =
    codes[key] ?? (/^\d$/u.test(key) ? `Digit${key}` : /^[a-z]$/u.test(key) ? `Key${key.toUpperCase()}` : key);
  return {
    key: shiftKey && /^[a-z]$/u.test(key) ? key.toUpperCase() : shiftKey && code.startsWith('Digit') ? '!' : key,
    code,
    ctrlKey: parts.includes('Ctrl'),
    shiftKey,
    altKey: parts.includes('Alt'),
    metaKey: parts.includes('Cmd'),
  };
}

const at = (text: string, place: Partial<KeyPlace>) =>
  toKeyAction(press(text), { isMac: false, inTerminal: false, ...place })?.type ?? null;

describe('outside of the terminal', () => {
  it.each([
    ['Ctrl+k', 'search'],
    ['Ctrl+n', 'addFolder'],
    ['Ctrl+Enter', 'openTerminal'],
    ['Ctrl+t', 'newTab'],
    ['Ctrl+w', 'closeTab'],
    ['Ctrl+,', 'settings'],
    ['Ctrl+1', 'tab'],
    ['Ctrl+Shift+p', 'palette'],
    ['F6', 'region'],
    ['Shift+F6', 'region'],
    ['Ctrl+p', null],
    ['Ctrl+c', null],
    ['Ctrl+Alt+k', null],
    ['Ctrl+Shift+ArrowUp', null],
    ['Ctrl+Shift+o', null],
    ['Ctrl+d', 'split'],
    ['Ctrl+Shift+ArrowLeft', null],
    ['Ctrl+]', null],
    ['k', null],
    ['Cmd+k', null],
  ])('%s: %s', (text, type) => {
    expect(at(text, {})).toBe(type);
  });
});

describe('in the terminal', () => {
  it.each([
    ['Ctrl+w', null],
    ['Ctrl+d', null],
    ['Ctrl+t', null],
    ['Ctrl+k', null],
    ['Ctrl+c', null],
    ['Ctrl+v', null],
    ['Ctrl+1', null],
    ['F6', null],
    ['Enter', null],
    ['Ctrl+Shift+c', 'copy'],
    ['Ctrl+Shift+v', 'paste'],
    ['Ctrl+Shift+t', 'newTab'],
    ['Ctrl+Shift+w', 'closeTab'],
    ['Ctrl+Shift+f', 'find'],
    ['Ctrl+Shift+2', 'tab'],
    ['Ctrl+Shift+p', 'palette'],
    ['Ctrl+Shift+F6', 'region'],
    ['Ctrl+Shift+PageUp', 'moveTab'],
    ['Ctrl+Shift+ArrowUp', 'prompt'],
    ['Ctrl+Shift+o', 'selectOutput'],
    ['Ctrl+Shift+d', 'split'],
    ['Ctrl+Shift+e', 'split'],
    ['Ctrl+Shift+ArrowLeft', 'pane'],
    ['Ctrl+Shift+]', 'growPane'],
    ['Ctrl+e', null],
    ['Ctrl+]', null],
    ['Ctrl+ArrowLeft', null],
    ['Shift+ArrowLeft', null],
    ['Ctrl+ArrowUp', null],
    ['Ctrl+o', null],
    ['Shift+PageUp', null],
    ['Ctrl+PageUp', null],
  ])('%s: %s', (text, type) => {
    expect(at(text, { inTerminal: true })).toBe(type);
  });

  it.each([
    ['Cmd+c', 'copy'],
    ['Cmd+t', 'newTab'],
    ['Cmd+k', 'search'],
    ['Cmd+ArrowUp', 'prompt'],
    ['Cmd+d', 'split'],
    ['Cmd+ArrowLeft', null],
    ['Cmd+Shift+ArrowLeft', 'pane'],
    ['Ctrl+ArrowUp', null],
    ['Ctrl+c', null],
    ['Ctrl+Shift+t', null],
  ])('of macOS, %s: %s', (text, type) => {
    expect(at(text, { inTerminal: true, isMac: true })).toBe(type);
  });
});

it('counts tabs from one', () => {
  expect(toKeyAction(press('Ctrl+9'), { isMac: false, inTerminal: false })).toEqual({ type: 'tab', index: 8 });
});

it('writes keys as the system does', () => {
  expect([keyLabel('Mod-Shift-P', false), keyLabel('Mod-Shift-P', true), keyLabel('Mod-K', true)]).toEqual([
    'Ctrl-Shift-P',
    '⌘⇧P',
    '⌘K',
  ]);
});
