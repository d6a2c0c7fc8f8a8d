import { describe, expect, test } from 'vitest';
import { messageNames, requestNames } from '../../preload/contract/channels.ts';
import { messageSchemas, requestSchemas } from '../../preload/contract/window.ts';
import { appUrl, isAppAddress, toFile } from './app-address.ts';
import { toDesktopEntry } from './desktop-entry.ts';
import { isOpenableLink } from './links.ts';
import { toCommandNotice } from './notices.ts';

test('the preload script knows every channel of the contract', () => {
  expect(new Set<string>(requestNames)).toEqual(new Set(Object.keys(requestSchemas)));
  expect(new Set<string>(messageNames)).toEqual(new Set(Object.keys(messageSchemas)));
});

describe('an address of the app', () => {
  test('is told from every other', () => {
    expect(isAppAddress(appUrl)).toBe(true);
    for (const other of ['tazpod://other/index.html', 'https://app/index.html', 'file:///app', 'tazpod:app', '']) {
      expect(isAppAddress(other)).toBe(false);
    }
  });

  test('names a file of the built page', () => {
    expect(toFile('/out/renderer', 'tazpod://app/index.html')).toBe('/out/renderer/index.html');
    expect(toFile('/out/renderer', 'tazpod://app/assets/a%20b.js?x#y')).toBe('/out/renderer/assets/a b.js');
  });

  test.each([
    'tazpod://app/../../etc/passwd',
    'tazpod://app/..%2f..%2fetc/passwd',
    'tazpod://app/%2e%2e/%2e%2e/etc/passwd',
    'tazpod://other/index.html',
    'file:///etc/passwd',
    'tazpod://app/',
    'not an address',
    'tazpod://app/%ff',
  ])('%s leads to nothing outside', (address) => {
    const file = toFile('/out/renderer', address);
    expect(file === null || file.startsWith('/out/renderer/')).toBe(true);
    if (address.includes('passwd')) expect(file === null || file === '/out/renderer/etc/passwd').toBe(true);
  });
});

describe('a link', () => {
  test.each([
    'https://example.com/x',
    'http://localhost:3000',
    'http://127.0.0.1:8080/a',
    'http://[::1]:1',
    'http://app.localhost',
  ])('%s may be opened', (link) => expect(isOpenableLink(link)).toBe(true));
  test.each([
    'http://example.com',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ssh://host',
    'https://user:word@example.com',
    'http://127.0.0.1.evil.example',
    '',
  ])('%s may not', (link) => expect(isOpenableLink(link)).toBe(false));
});

test('an autostart entry quotes what the specification wants quoted', () => {
  const entry = toDesktopEntry('/opt/Taz Pod/app', ['/a"b$c`d\\e%f']);
  expect(entry).toContain('Exec="/opt/Taz Pod/app" "/a\\\\"b\\\\$c\\\\`d\\\\\\\\e%%f" "--hidden"\n');
});

test.each([
  [{ durationMs: 12_400, exitCode: 0 }, 'A command ended after 12 s.'],
  [{ durationMs: 125_000 }, 'A command ended after 2 min.'],
  [{ durationMs: 3_900_000, exitCode: 2 }, 'A command failed with exit code 2 after 1 h 5 min.'],
])('the notice of a command’s end %j', (end, body) => {
  expect(toCommandNotice({ id: '0123456789abcdef', name: 'acme' }, end)).toEqual({
    projectId: '0123456789abcdef',
    title: 'acme',
    body,
    part: 'terminal',
  });
});
