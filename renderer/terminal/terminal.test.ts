import { describe, expect, it, vi } from 'vitest';
import type { TazpodApi } from '../../preload/api.ts';
import type { ScreenPiece } from '../../preload/contract/session.ts';
import {
  createAcknowledger,
  maxPieceBytes,
  toBinaryBytes,
  toInputBytes,
  toPieces,
  toPlainTitle,
} from './input-bytes.ts';
import { isOpenableLink } from './links.ts';
import { linkSession } from './session-link.ts';
it('opens https anywhere and http on this machine only', () => {
  const yes = [
    'https://example.com/a?b#c',
    'http://localhost:3000',
    'http://127.0.0.1/',
    'http://127.9.9.9',
    'http://[::1]:80/',
    'http://app.localhost',
  ];
  const no = [
    'http://example.com',
    'http://127.0.0.1.evil.com',
    'http://localhost@evil.com',
    'https://user:pw@example.com',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ssh://x',
    'x',
    'http://127.evil.com',
  ];
  expect(yes.filter((link) => !isOpenableLink(link))).toEqual([]);
  expect(no.filter(isOpenableLink)).toEqual([]);
});

describe('bytes', () => {
  it('are sent in pieces, none lost', () => {
    const bytes = toInputBytes('é'.repeat(maxPieceBytes));
    const pieces = [...toPieces(bytes)];
    expect(pieces.map(({ length }) => length)).toEqual([maxPieceBytes, maxPieceBytes]);
    expect([...toBinaryBytes('\u00FF\u0000')]).toEqual([255, 0]);
  });

  it('are acknowledged in steps', () => {
    const told: number[] = [];
    const acknowledge = createAcknowledger((count) => told.push(count));
    for (let index = 0; index < 5; index += 1) acknowledge(20_000);
    expect(told).toEqual([40_000, 40_000]);
  });

  it('of a title are plain and few', () => {
    expect(toPlainTitle('a\u0007\u202Eb ')).toBe('a  b');
    expect(Array.from(toPlainTitle('👍'.repeat(200)))).toHaveLength(100);
  });
});

describe('a linked session', () => {
  function make() {
    const send = vi.fn();
    const shown: string[] = [];
    const link = linkSession({ send } as unknown as TazpodApi, 'session-000000000000', {
      write: (bytes, done) => {
        shown.push(new TextDecoder().decode(bytes));
        done();
      },
      writeScreen: ({ bytes }) => shown.push(new TextDecoder().decode(bytes)),
    });
    return { link, send, shown };
  }

  const screenOf = (text: string, part: Partial<ScreenPiece> = {}): ScreenPiece => ({
    bytes: toInputBytes(text),
    isFirst: true,
    isLast: true,
    ...part,
  });

  it('shows nothing that was meant for whoever showed the session before', async () => {
    const { link, shown } = make();
    link.receive(toInputBytes('old data'));
    link.showScreen(screenOf('rest of an old screen', { isFirst: false }));
    link.showScreen(screenOf('a ', { isLast: false }));
    link.showScreen(screenOf('screen', { isFirst: false }));
    link.receive(toInputBytes(' and more'));
    expect(shown).toEqual(['a ', 'screen', ' and more']);
  });

  it('empties the screen for the next one, and not for the first', async () => {
    const { link, shown } = make();
    link.showScreen(screenOf('one'));
    link.showScreen(screenOf('two'));
    expect(shown).toEqual(['one', '\u001Bc', 'two']);
  });

  it('acknowledges what was shown, but no screen', async () => {
    const { link, send } = make();
    link.showScreen(screenOf('x'.repeat(100_000)));
    link.receive(new Uint8Array(40_000));
    expect(send.mock.calls).toEqual([['acknowledgeTerminal', 'session-000000000000', 40_000]]);
  });
});
