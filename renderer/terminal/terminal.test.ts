import { describe, expect, it, vi } from 'vitest';
import type { TazpodApi } from '../../preload/api.ts';
import { project, running, shell, snapshotOf, stopped } from '../testing/scenarios/parts.ts';
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
import {
  changeTab,
  followSessions,
  frontTabOf,
  newTab,
  noTabs,
  tabsOf,
  withDone,
  withoutTab,
  withTab,
  withTabAt,
} from './tabs-state.ts';

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

describe('tabs', () => {
  const kept = shell('one', 'vim');
  const up = (sessions = [kept]) => project('a', { container: running('a-lab'), sessions });
  const { id } = up();

  it('follow the sessions that are kept, and no others', () => {
    const logs = { ...shell('logs'), kind: 'logs' as const };
    const state = followSessions(noTabs, snapshotOf([up([kept, logs, { ...shell('cli'), kept: false }])]));
    expect(tabsOf(state, id).map(({ sessionId, title, status }) => [sessionId, title, status])).toEqual([
      [kept.id, 'vim', 'unattached'],
    ]);
    expect(followSessions(state, snapshotOf([up()]))).toBe(state);
    expect(followSessions(state, snapshotOf([up([])])).tabs).toEqual([]);
    expect(followSessions(state, snapshotOf([])).tabs).toEqual([]);
  });

  it('never show the session of a tab that opens twice, and learn its title', () => {
    const opening = withTab(noTabs, newTab('tab-1', id, null, 'shell'));
    const during = followSessions(opening, snapshotOf([up()]));
    expect(during.tabs).toHaveLength(1);
    const live = changeTab(during, 'tab-1', { sessionId: kept.id, status: 'live' });
    expect(followSessions(live, snapshotOf([up()])).tabs.map(({ title }) => title)).toEqual(['vim']);
  });

  it('that were closed do not come back while the snapshot lags', () => {
    const state = withDone(noTabs, kept.id);
    expect(followSessions(state, snapshotOf([up()])).tabs).toEqual([]);
  });

  it('end with their container, with or without news', () => {
    const live = changeTab(withTab(noTabs, newTab('t', id, kept.id, 'bash')), 't', { status: 'live' });
    expect(followSessions(live, snapshotOf([up([])])).tabs[0]?.status).toBe('live');
    const after = followSessions(live, snapshotOf([project('a', { container: stopped('a-lab', 0) })]));
    expect(after.tabs[0]).toMatchObject({ status: 'ended', end: { reason: 'container-stopped' } });
  });

  it('give way to their neighbour', () => {
    const three = ['a', 'b', 'c'].reduce((state, key) => withTab(state, newTab(key, id, null, key)), noTabs);
    expect(frontTabOf(three, id)?.key).toBe('c');
    expect(frontTabOf(withoutTab(three, 'c'), id)?.key).toBe('b');
    expect(frontTabOf(withoutTab(three, 'a'), id)?.key).toBe('c');
    expect(frontTabOf(noTabs, id)).toBeNull();
  });

  it('move among their project’s tabs, and no further than the ends', () => {
    const three = ['a', 'b', 'c'].reduce((state, key) => withTab(state, newTab(key, id, null, key)), noTabs);
    const keys = (index: number) => tabsOf(withTabAt(three, 'b', index), id).map(({ key }) => key);
    expect([keys(0), keys(2), keys(9), keys(-4)].map((one) => one.join(''))).toEqual(['bac', 'acb', 'acb', 'bac']);
    expect(withTabAt(three, 'b', 1)).toBe(three);
  });
});
