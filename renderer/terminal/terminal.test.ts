import { describe, expect, it, vi } from 'vitest';
import type { TazpodApi } from '../../preload/api.ts';
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
    let answer: (value: unknown) => void = () => {};
    const send = vi.fn();
    const request = async (): Promise<unknown> =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const shown: string[] = [];
    const link = linkSession({ request, send } as unknown as TazpodApi, 'session-000000000000', {
      write: (bytes, done) => {
        shown.push(new TextDecoder().decode(bytes));
        done();
      },
      writeDrawn: (bytes) => shown.push(new TextDecoder().decode(bytes)),
    });
    return { link, send, shown, answer: (value: unknown) => answer(value) };
  }

  it('shows the replay first, whatever came before it', async () => {
    const { link, shown, send, answer } = make();
    const attached = link.attach({ rows: 24, columns: 80 });
    link.receive(toInputBytes('later'));
    answer({ ok: true, value: { replay: toInputBytes('before') } });
    await attached;
    link.receive(toInputBytes('latest'));
    expect(shown).toEqual(['before', 'later', 'latest']);
    expect(send).not.toHaveBeenCalled();
  });

  it('acknowledges what was shown, but not the replay', async () => {
    const { link, send, answer } = make();
    const attached = link.attach({ rows: 24, columns: 80 });
    answer({ ok: true, value: { replay: new Uint8Array(100_000) } });
    await attached;
    link.receive(new Uint8Array(40_000));
    expect(send.mock.calls).toEqual([['acknowledgeTerminal', 'session-000000000000', 40_000]]);
  });
});
