import { describe, expect, it, vi } from 'vitest';
import * as v from 'valibot';
import type { TazpodApi } from '../../preload/api.ts';
import { TerminalLayoutSchema, maxPanes } from '../../preload/contract/terminal-layout.ts';
import { createExternalStore } from '../store/external-store.ts';
import { project, running, shell, snapshotOf, stopped } from '../testing/scenarios/parts.ts';
import { followSessions } from './follow-sessions.ts';
import { keepLayouts, toLayout, withLayouts } from './layouts.ts';
import { paneKeysOf } from './pane-tree.ts';
import {
  canSplit,
  changePane,
  changeTab,
  frontTabOf,
  newPane,
  noTabs,
  panesOf,
  tabsOf,
  tabWith,
  tabWords,
  withActivePane,
  withDone,
  withoutPane,
  withoutTab,
  withSplit,
  withTab,
  withTabAt,
  type TabsState,
} from './tabs-state.ts';

const kept = shell('one', 'vim');
const other = shell('two', 'bash');
const up = (sessions = [kept]) => project('a', { container: running('a-lab'), sessions });
const { id } = up();
const pane = (key: string, sessionId: string | null = null) => newPane(key, id, sessionId, key);
const three = ['a', 'b', 'c'].reduce((state, key) => withTab(state, pane(key)), noTabs);
/** `a` at the left, `b` over `c` at the right, and keys going to `c`. */
const split = withSplit(withSplit(withTab(noTabs, pane('a')), 'a', 'right', pane('b')), 'b', 'down', pane('c'));
const keysOf = (state: TabsState): readonly (readonly string[])[] =>
  state.tabs.map(({ panes }) => [...paneKeysOf(panes)]);

describe('tabs', () => {
  it('follow the sessions that are kept, and no others', () => {
    const logs = { ...shell('logs'), kind: 'logs' as const };
    const state = followSessions(noTabs, snapshotOf([up([kept, logs, { ...shell('cli'), kept: false }])]));
    const [tab] = tabsOf(state, id);
    expect(state.tabs).toHaveLength(1);
    expect(tab && panesOf(state, tab).map(({ sessionId, title, status }) => [sessionId, title, status])).toEqual([
      [kept.id, 'vim', 'unattached'],
    ]);
    expect(followSessions(state, snapshotOf([up()]))).toBe(state);
    expect(followSessions(state, snapshotOf([up([])])).tabs).toEqual([]);
    expect(followSessions(state, snapshotOf([])).tabs).toEqual([]);
  });

  it('never show the session of a pane that opens twice, and learn its title', () => {
    const opening = withTab(noTabs, newPane('pane-1', id, null, 'shell'));
    const during = followSessions(opening, snapshotOf([up()]));
    expect(during.tabs).toHaveLength(1);
    const live = changePane(during, 'pane-1', { sessionId: kept.id, status: 'live' });
    expect(followSessions(live, snapshotOf([up()])).panes.map(({ title }) => title)).toEqual(['vim']);
  });

  it('that were closed do not come back while the snapshot lags', () => {
    const state = withDone(noTabs, kept.id);
    expect(followSessions(state, snapshotOf([up()])).tabs).toEqual([]);
  });

  it('end with their container, with or without news', () => {
    const live = changePane(withTab(noTabs, pane('t', kept.id)), 't', { status: 'live' });
    expect(followSessions(live, snapshotOf([up([])])).panes[0]?.status).toBe('live');
    const after = followSessions(live, snapshotOf([project('a', { container: stopped('a-lab', 0) })]));
    expect(after.panes[0]).toMatchObject({ status: 'ended', end: { reason: 'container-stopped' } });
  });

  it('give way to their neighbour', () => {
    expect(frontTabOf(three, id)?.key).toBe('c');
    expect(frontTabOf(withoutTab(three, 'c'), id)?.key).toBe('b');
    expect(frontTabOf(withoutTab(three, 'a'), id)?.key).toBe('c');
    expect(frontTabOf(noTabs, id)).toBeNull();
  });

  it('move among their project’s tabs, and no further than the ends', () => {
    const keys = (index: number) => tabsOf(withTabAt(three, 'b', index), id).map(({ key }) => key);
    expect([keys(0), keys(2), keys(9), keys(-4)].map((one) => one.join(''))).toEqual(['bac', 'acb', 'acb', 'bac']);
    expect(withTabAt(three, 'b', 1)).toBe(three);
  });
});

describe('panes', () => {
  it('split a tab, and keys go to the new one', () => {
    expect(keysOf(split)).toEqual([['a', 'b', 'c']]);
    expect(split.tabs[0]).toMatchObject({ key: 'a', active: 'c' });
    expect(tabWith(split, 'b')?.key).toBe('a');
  });

  it('are so many at most', () => {
    const many = Array.from({ length: maxPanes + 3 }, (_, at) => `p${at}`);
    const full = many.reduce((state, key) => withSplit(state, 'a', 'down', pane(key)), withTab(noTabs, pane('a')));
    expect(full.panes).toHaveLength(maxPanes);
    expect(full.tabs.map(canSplit)).toEqual([false]);
  });

  it('leave their room and the keys to their neighbour, and the last one takes its tab along', () => {
    const two = withoutPane(split, 'c');
    expect([keysOf(two), two.tabs[0]?.active]).toEqual([[['a', 'b']], 'b']);
    const first = withoutPane(withActivePane(two, 'a'), 'a');
    expect([first.tabs, first.panes.map(({ key }) => key)]).toEqual([
      [{ key: 'a', projectId: id, name: '', panes: 'b', active: 'b' }],
      ['b'],
    ]);
    expect(withoutPane(first, 'b')).toMatchObject({ tabs: [], panes: [] });
    expect(withoutPane(split, 'b').tabs[0]?.active).toBe('c');
  });

  it('go with their tab, and a tab is called by the pane that keys go to', () => {
    expect(withoutTab(split, 'a')).toMatchObject({ tabs: [], panes: [] });
    const words = (state: TabsState) => state.tabs.map((tab) => tabWords(state, tab));
    expect([words(split), words(withActivePane(split, 'a'))]).toEqual([['c'], ['a']]);
    expect(words(changeTab(split, 'a', { name: 'build' }))).toEqual(['build']);
  });

  it('whose session is gone leave their tab when nobody saw it', () => {
    const state = withSplit(withTab(noTabs, pane('a', kept.id)), 'a', 'right', pane('b', other.id));
    expect(keysOf(followSessions(state, snapshotOf([up([other])])))).toEqual([['b']]);
  });
});

describe('a layout', () => {
  const state = changeTab(
    withTab(
      changePane(withSplit(withTab(noTabs, pane('a', kept.id)), 'a', 'right', pane('b', other.id)), 'a', {
        status: 'live',
      }),
      pane('opening'),
    ),
    'a',
    { name: 'build', active: 'a' },
  );

  it('names what the next page can show, and passes the contract', () => {
    const layout = toLayout(state, id);
    expect(layout).toEqual({
      tabs: [
        {
          name: 'build',
          panes: { direction: 'right', share: 0.5, first: kept.id, second: other.id },
          active: kept.id,
        },
      ],
      front: 0,
    });
    expect(v.is(TerminalLayoutSchema, layout)).toBe(true);
    const ended = changePane(state, 'a', { status: 'ended' });
    expect(toLayout(ended, id).tabs).toEqual([{ name: 'build', panes: other.id, active: other.id }]);
  });

  it('comes back with the sessions that are still there, in its order, name and all', () => {
    const layouts = { [id]: toLayout(state, id) };
    const third = shell('three', 'sh');
    const restored = withLayouts(noTabs, layouts, snapshotOf([up([third, other, kept])]));
    expect(toLayout(restored, id)).toEqual(layouts[id]);
    expect(frontTabOf(restored, id)?.name).toBe('build');
    const followed = followSessions(restored, snapshotOf([up([third, other, kept])]));
    expect(keysOf(followed)).toEqual([[kept.id, other.id], [third.id]]);
    expect(keysOf(withLayouts(noTabs, layouts, snapshotOf([up([other])])))).toEqual([[other.id]]);
    expect(withLayouts(noTabs, layouts, snapshotOf([up([])]))).toMatchObject({ tabs: [], panes: [] });
  });

  it('is told when it changed, and only then', () => {
    const send = vi.fn();
    const store = createExternalStore(noTabs);
    keepLayouts({ send } as unknown as TazpodApi, store);
    store.set(state);
    store.update((one) => changePane(one, 'a', { hasBell: true }));
    expect(send.mock.calls).toEqual([['keepTerminalLayout', id, toLayout(state, id)]]);
    store.set(noTabs);
    expect(send.mock.calls.slice(1)).toEqual([['keepTerminalLayout', id, { tabs: [], front: 0 }]]);
  });

  it('that is nested without end is refused', () => {
    const deep = Array.from({ length: maxPanes }).reduce<unknown>(
      (first) => ({ direction: 'right', share: 0.5, first, second: other.id }),
      kept.id,
    );
    const layout = (panes: unknown) => ({ tabs: [{ name: '', panes, active: kept.id }], front: 0 });
    expect([kept.id, deep].map((panes) => v.is(TerminalLayoutSchema, layout(panes)))).toEqual([true, false]);
  });
});
