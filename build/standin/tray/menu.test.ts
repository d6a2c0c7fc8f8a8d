import { expect, test } from 'vitest';
import { Menu } from './menu.ts';
import { toMenuLabel } from './menu-service.ts';

test('labels are read alike on both sides', () => {
  expect(toMenuLabel('a_b')).toBe('a__b');
  expect(toMenuLabel('Save && quit')).toBe('Save & quit');
  expect(toMenuLabel('&Open')).toBe('_Open');
});

test('a menu is built from its template, and knows its items by id', () => {
  let clicks = 0;
  const menu = Menu.buildFromTemplate([
    { label: 'One', id: 'one' },
    { type: 'separator' },
    { label: 'More', submenu: [{ label: 'Check', id: 'check', type: 'checkbox', click: () => (clicks += 1) }] },
    { role: 'quit' },
  ]);
  expect(menu.items.map(({ type, label }) => [type, label])).toEqual([
    ['normal', 'One'],
    ['separator', ''],
    ['submenu', 'More'],
    ['normal', 'Quit'],
  ]);
  const check = menu.getMenuItemById('check');
  const { click } = check as unknown as { click: () => void };
  click();
  expect([check?.checked, clicks]).toEqual([true, 1]);
});

test('what a menu lacks is named', () => {
  expect(() => Menu.buildFromTemplate([{ role: 'togglefullscreen' }])).toThrow("the menu role 'togglefullscreen'");
  expect(() => Menu.buildFromTemplate([{ label: 'x', badge: { type: 'alerts' } }])).toThrow(
    "MenuItem's option 'badge'",
  );
});
