import { toFailure } from '../../../preload/contract/errors.ts';
import { noSync } from '../../../preload/contract/sync.ts';
import { absentVault } from '../../../preload/contract/vault.ts';
import { describe, expect, test } from 'vitest';
import type { Operation, ProjectState, Snapshot } from '../../../preload/contract/snapshot.ts';
import { project, running, snapshot } from '../testing/snapshots.ts';
import { toLabel, toStateWords, toTrayMenu, toTrayState, type TrayItem } from './tray-menu.ts';

const away: Snapshot['engine'] = { status: 'away', failure: { code: 'engine-unreachable', message: '', nextStep: '' } };

const submenu = (items: readonly TrayItem[], label: string): readonly TrayItem[] => {
  const found = items.find((item) => item.kind === 'submenu' && item.label === label);
  return found?.kind === 'submenu' ? found.items : [];
};
const actionOf = (items: readonly TrayItem[], label: string): unknown => {
  const found = items.find((item) => item.kind === 'item' && item.label === label);
  return found?.kind === 'item' ? found.action : 'no such item';
};
const labels = (items: readonly TrayItem[]): readonly string[] =>
  items.map((item) => (item.kind === 'separator' ? '-' : item.label));

describe('the tray menu', () => {
  test('has the running projects first, then the rest, then what concerns all', () => {
    const items = toTrayMenu(snapshot([project('zeta'), project('beta', { container: running }), project('alpha')]));
    expect(labels(items)).toEqual([
      'beta',
      'alpha',
      'zeta',
      '-',
      'Add folder…',
      'Stop all',
      'Doctor',
      'Show window',
      '-',
      'Quit',
    ]);
  });

  test('with no projects offers to add one and stops nothing', () => {
    const items = toTrayMenu(snapshot([]));
    expect(labels(items)).toEqual(['Add folder…', 'Stop all', 'Doctor', 'Show window', '-', 'Quit']);
    expect(actionOf(items, 'Stop all')).toBeNull();
  });

  test('puts projects beyond 30 into More', () => {
    const items = toTrayMenu(
      snapshot(Array.from({ length: 200 }, (_, at) => project(`p${String(at).padStart(3, '0')}`))),
    );
    expect(items.filter((item) => item.kind === 'submenu')).toHaveLength(31);
    expect(submenu(items, 'More (170)')).toHaveLength(170);
  });

  test('begins each submenu with its state, and offers what makes sense now', () => {
    const stopped = submenu(toTrayMenu(snapshot([project('one')])), 'one');
    expect(stopped[0]).toEqual({ kind: 'item', label: 'Not running', action: null });
    expect(actionOf(stopped, 'Start')).toMatchObject({ command: { type: 'startProject' } });
    expect(actionOf(stopped, 'Restart')).toBeNull();
    const up = submenu(toTrayMenu(snapshot([project('one', { container: running })])), 'one');
    expect(actionOf(up, 'Stop and remove container')).toMatchObject({ command: { type: 'stopProject' } });
    expect(actionOf(up, 'Start')).toBe('no such item');
  });

  test('offers to lock or unlock the vault of what runs', () => {
    const of = (vault: ProjectState['vault'], part: Partial<ProjectState> = { container: running }) =>
      submenu(toTrayMenu(snapshot([project('one', { vault, ...part })])), 'one');
    const locked = { ...absentVault, status: 'locked' } as const;
    expect(actionOf(of({ ...absentVault, status: 'unlocked' }), 'Lock vault')).toMatchObject({
      command: { type: 'lockVault' },
    });
    expect(actionOf(of(locked), 'Unlock vault…')).toMatchObject({ type: 'showVault' });
    expect(labels(of(absentVault)).filter((label) => label.includes('vault'))).toEqual([]);
    expect(labels(of(locked, {})).filter((label) => label.includes('vault'))).toEqual([]);
  });

  test('asks in the window whether to stop without saving, only where the vault keeps the container from stopping', () => {
    const failure = toFailure('vault-member-unsavable', { folder: '/a', member: 'TWIN', reason: 'r' });
    const entry = { atMs: 0, kind: 'stop', outcome: 'failed', text: '', failure } as const;
    const held: Partial<ProjectState> = {
      container: running,
      vault: { ...absentVault, status: 'unlocked', failure },
      failure,
      activity: [entry],
    };
    const of = (part: Partial<ProjectState>): unknown =>
      actionOf(submenu(toTrayMenu(snapshot([project('one', { ...held, ...part })])), 'one'), 'Stop without saving…');
    expect(of({})).toMatchObject({ type: 'askToStopUnsaved' });
    expect(of({ activity: [{ ...entry, kind: 'rebuild' }] })).toMatchObject({ type: 'askToStopUnsaved' });
    for (const part of [
      { failure: null },
      { activity: [{ ...entry, kind: 'lock-vault' as const }] },
      { container: { status: 'missing' as const } },
      { vault: { ...absentVault, status: 'unlocked' as const } },
      { vault: { ...absentVault, status: 'locked' as const, failure } },
    ])
      expect(of(part)).toBe('no such item');
  });

  test('never starts what is not trusted', () => {
    const untrusted: ProjectState['trust'] = {
      status: 'untrusted',
      trustHash: '',
      grants: [],
      differences: [],
      trustedBefore: false,
      createRequest: '',
    };
    const items = submenu(toTrayMenu(snapshot([project('one', { trust: untrusted })])), 'one');
    expect(actionOf(items, 'Start')).toBeNull();
    expect(labels(items)[0]).toBe('Waits for your trust');
  });

  test('offers to cancel what can be cancelled', () => {
    const operation: Operation = {
      id: 'op-000000000001',
      kind: 'start',
      subject: 'one',
      step: 'pulling-image',
      cancellable: true,
      queuedAtMs: 0,
      startedAtMs: 0,
      progress: null,
    };
    const items = submenu(toTrayMenu(snapshot([project('one', { operations: [operation] })])), 'one');
    expect(actionOf(items, 'Cancel')).toMatchObject({
      command: { type: 'cancelOperation', operationId: operation.id },
    });
    expect(actionOf(items, 'Start')).toBeNull();
  });

  test('without an engine says so and starts nothing', () => {
    const items = toTrayMenu(snapshot([project('one')], away));
    expect(labels(items)[0]).toBe('No Docker engine');
    expect(actionOf(submenu(items, 'one'), 'Start')).toBeNull();
  });

  test('shows hostile names as one short line', () => {
    expect(toLabel('a\nb\u202Ec')).toBe('a b c');
    expect(Array.from(toLabel('x'.repeat(300)))).toHaveLength(40);
  });

  test('has words for every state', () => {
    expect(toStateWords(project('a', { folderStatus: 'missing' }))).toBe('Folder missing');
    expect(toStateWords(project('a', { config: { status: 'absent', file: 'f' } }))).toBe('No config yet');
    expect(toStateWords(project('a', { container: { ...running, status: 'paused' } }))).toBe('Paused');
  });
});

test('the icon tells idle, running and attention apart', () => {
  expect(toTrayState(snapshot([project('a')]))).toBe('idle');
  expect(toTrayState(snapshot([project('a', { container: running })]))).toBe('running');
  expect(toTrayState(snapshot([project('a', { container: running })], away))).toBe('attention');
});

test('Sync now is there where a remote is, and what waits for a choice asks for attention', () => {
  const remote = { type: 'folder', shown: '/mnt/vaults', intervalMs: 300_000, retention: 50 } as const;
  const labelsOf = (part: Partial<ProjectState>): readonly string[] => {
    const [menu] = toTrayMenu(snapshot([project('a', part)]));
    return menu?.kind === 'submenu' ? menu.items.flatMap((one) => (one.kind === 'item' ? one.label : [])) : [];
  };
  expect(labelsOf({})).not.toContain('Sync now');
  expect(labelsOf({ sync: { ...noSync, remote } })).toContain('Sync now');
  const theirs = { etag: 'e', timeMs: 0, machine: null, sizeBytes: 1, members: null };
  const question = { kind: 'conflict', mine: null, theirs } as const;
  expect(toTrayState(snapshot([project('a', { sync: { ...noSync, remote, question } })]))).toBe('attention');
  const failure = toFailure('sync-unreachable', { remote: 'x', reason: 'y' });
  expect(toTrayState(snapshot([project('a', { sync: { ...noSync, remote, failure } })]))).toBe('attention');
});

test('published ports of a running project open the browser, the first ones only', () => {
  const ports = Array.from({ length: 12 }, (_, at) => ({ hostPort: 3000 + at, containerPort: 80 }));
  const items = submenu(toTrayMenu(snapshot([project('web', { container: running, ports })])), 'web');
  expect(actionOf(items, 'Open localhost:3000')).toEqual({ type: 'openLink', url: 'http://localhost:3000/' });
  expect(actionOf(items, 'Open localhost:3007')).toEqual({ type: 'openLink', url: 'http://localhost:3007/' });
  expect(actionOf(items, 'Open localhost:3008')).toBe('no such item');
});
