import { describe, expect, it, vi } from 'vitest';
import { errorCodes, toFailure } from '../../preload/contract/errors.ts';
import type { ActivityEntry, ProjectState } from '../../preload/contract/snapshot.ts';
import { noSync, type SyncState } from '../../preload/contract/sync.ts';
import { absentVault, type VaultStatus } from '../../preload/contract/vault.ts';
import { createExternalStore } from '../store/external-store.ts';
import { toReady, type AppState } from '../store/app-state.ts';
import { initialUi } from '../store/ui-state.ts';
import { createFakeApi } from '../testing/fake-api.ts';
import { invalid, project, pulling, running, shell, snapshotOf, untrusted } from '../testing/scenarios/parts.ts';
import { asksForVault, createActions, toCommand, wantsConfirmation } from './actions.ts';
import { nextStepOf, remedyOf, symlinkTargetOf } from './failure-actions.ts';
import { failedKindOf, menuActionsOf, primaryActionOf } from './project-actions.ts';

const absent = { status: 'absent', file: '/a/.tazpod/config.yaml' } as const;
const unknown = { status: 'unknown' } as const;
const failure = toFailure('cancelled', { action: 'Start' });
const up = { container: running('a-lab') };

describe('the primary action', () => {
  it.each([
    ['resting', project('a'), 'Start', null],
    ['running', project('a', up), 'Open terminal', null],
    ['not trusted', project('a', { trust: untrusted(false) }), 'Review and trust', null],
    ['running, config changed', project('a', { ...up, trust: untrusted(true) }), 'Open terminal', null],
    ['without a config', project('a', { config: absent, trust: unknown }), 'Write config…', null],
    ['with a wrong config', project('a', { config: invalid('/a'), trust: unknown }), 'Look again', null],
    ['failed', project('a', { failure }), 'Retry', null],
    ['without its folder', project('a', { folderStatus: 'missing' }), 'Look again', null],
    ['busy', project('a', { operations: [pulling] }), 'Start', 'Another operation is under way'],
    ['paused', project('a', { container: { ...running('a'), status: 'paused' } as never }), 'Restart', null],
  ])('of one that is %s', (_what, one, label, hindrance) => {
    expect(primaryActionOf(one, true)).toMatchObject({ label, hindrance });
  });

  it('waits for the engine, and says so', () => {
    expect(primaryActionOf(project('a'), false).hindrance).toBe('No Docker engine answers yet');
  });
});

it('the menu offers what can be done now, and always says why not to forget', () => {
  const ids = menuActionsOf(project('a', up), true).map((group) => group.map(({ id }) => id));
  expect(ids).toEqual([
    ['stop', 'restart'],
    ['open-terminal', 'open-folder', 'doctor'],
    ['retry-setup', 'rebuild', 'rebuild-fresh'],
    ['forget'],
  ]);
  expect(menuActionsOf(project('a', up), true).at(-1)?.[0]?.hindrance).toBe('Stop and remove its container first');
  expect(menuActionsOf(project('a', { operations: [pulling] }), true)[0]?.map(({ id }) => id)).toEqual(['cancel']);
});

it('the first terminal is asked for the vault that is here, or that only the remote has', () => {
  const theirs = { etag: 'e', timeMs: null, machine: null, sizeBytes: 1, members: null };
  const remote = { type: 'folder', shown: '/place', intervalMs: 1, retention: 50 } as const;
  const sync: SyncState = { ...noSync, remote, question: { kind: 'offer-pull', mine: null, theirs } };
  const unclear: SyncState = { ...noSync, remote, question: { kind: 'ask-adopt', mine: null, theirs } };
  const asks = (part: Partial<ProjectState>): boolean =>
    asksForVault(project('a', { ...up, vault: absentVault, ...part }), initialUi);
  expect(asks({})).toBe(false);
  expect(asks({ vault: { ...absentVault, status: 'locked' } })).toBe(true);
  expect(asks({ sync })).toBe(true);
  expect(asks({ sync, vault: { ...absentVault, status: 'unlocked' } })).toBe(false);
  expect(asks({ sync: unclear })).toBe(false);
  expect(asks({ sync, container: { status: 'missing' } })).toBe(false);
});

it('the menu offers to unlock or lock the vault of a running project', () => {
  const offered = (status: VaultStatus, part: Partial<ProjectState> = up): readonly string[] =>
    menuActionsOf(project('a', { ...part, vault: { ...absentVault, status } }), true)
      .flat()
      .map(({ id }) => id)
      .filter((id) => id.endsWith('-vault'));
  expect(offered('absent')).toEqual([]);
  expect(offered('locked')).toEqual(['unlock-vault']);
  expect(offered('mounted')).toEqual(['unlock-vault']);
  expect(offered('unlocked')).toEqual(['lock-vault']);
  expect(offered('locked', {})).toEqual([]);
});

it('only what ends work or forgets asks first', () => {
  const used = project('a', { ...up, sessions: [shell('1')] });
  expect(wantsConfirmation('forget', project('a'))).toBe(true);
  expect(wantsConfirmation('stop-without-saving', project('a'))).toBe(true);
  expect(toCommand('stop-without-saving', project('a'))).toMatchObject({ type: 'stopProject', force: true });
  expect([wantsConfirmation('stop', used), wantsConfirmation('stop', project('a', up))]).toEqual([true, false]);
  expect(wantsConfirmation('start', used)).toBe(false);
});

it('retry repeats what failed last', () => {
  const entry = { atMs: 1, text: '' };
  const activity: readonly ActivityEntry[] = [
    { ...entry, kind: 'start', outcome: 'failed' },
    { ...entry, kind: 'rebuild', outcome: 'failed' },
    { ...entry, kind: 'notice', outcome: 'notice' },
  ];
  expect(failedKindOf(activity)).toBe('rebuild');
  // A push that failed since then is retried by sync itself.
  expect(failedKindOf([...activity, { atMs: 9, kind: 'sync', outcome: 'failed', text: '', failure }])).toBe('rebuild');
  const one = project('a', { activity });
  expect(toCommand('retry', one)).toEqual({ type: 'rebuildProject', projectId: one.id });
  expect(toCommand('retry', project('b'))).toMatchObject({ type: 'startProject' });
  expect(toCommand('cancel', project('c', { operations: [pulling] }))).toEqual({
    type: 'cancelOperation',
    operationId: pulling.id,
  });
});

describe('a failure', () => {
  it('offers a button that helps, or none', () => {
    expect(remedyOf(toFailure('not-trusted', { folder: '/a' }), project('a', { trust: untrusted(false) }), true)).toBe(
      'review',
    );
    expect(remedyOf(toFailure('not-trusted', { folder: '/a' }), project('a'), true)).toBeNull();
    expect(remedyOf(toFailure('internal', { reason: 'x' }), project('a'), true)).toBe('retry');
    expect(remedyOf(toFailure('internal', { reason: 'x' }), project('a'), false)).toBeNull();
  });

  it('never loses its next step', () => {
    for (const code of errorCodes) expect(nextStepOf({ code, message: 'm', nextStep: 'n' })).not.toBe('');
  });

  it('names the target of a symlink, whatever its name', () => {
    for (const target of ['/srv/real', '/srv/is a symbolic link to x.', '/srv/dot.']) {
      expect(symlinkTargetOf(toFailure('folder-is-symlink', { folder: '/l', target }), '/l')).toBe(target);
    }
    expect(symlinkTargetOf(toFailure('folder-not-found', { folder: '/l' }), '/l')).toBeNull();
  });
});

describe('actions', () => {
  async function make() {
    const one = project('a', { ...up, sessions: [shell('1')] });
    const fake = createFakeApi({ snapshot: snapshotOf([one, project('b', { trust: untrusted(false) })]) });
    const app = createExternalStore<AppState>(toReady(await fake.api.request('subscribe')));
    fake.api.on('snapshotChange', () => {
      void fake.api.request('subscribe').then((start) => app.set(toReady(start)));
    });
    const ui = createExternalStore(initialUi);
    const openTerminal = vi.fn();
    const actions = createActions({ api: fake.api, app, ui, openTerminal, focusStep: vi.fn() });
    const commands = (): unknown[] => fake.calls.filter(([name]) => name === 'execute').map(([, command]) => command);
    return { one, fake, ui, actions, openTerminal, commands };
  }

  it('ask before they end work', async () => {
    const { one, ui, actions, commands } = await make();
    actions.perform('stop', one.id);
    expect([ui.get().confirmation?.action, commands()]).toEqual(['stop', []]);
    actions.confirm();
    expect([ui.get().confirmation, commands()]).toEqual([null, [{ type: 'stopProject', projectId: one.id }]]);
  });

  it('open terminals only where one can be', async () => {
    const { one, ui, actions, openTerminal } = await make();
    actions.perform('open-terminal', one.id);
    actions.perform('open-terminal', project('b').id);
    expect(openTerminal.mock.calls).toEqual([[one.id]]);
    expect(ui.get().selectedId).toBe(project('b').id);
  });

  it('register many folders and tell of each refusal', async () => {
    const { ui, actions } = await make();
    await actions.registerFolders(['/home/mira/new', '/', '/home/mira/link', '']);
    const { refusals } = ui.get();
    expect(refusals.map((refusal) => refusal.failure.code)).toEqual([
      'folder-refused',
      'folder-is-symlink',
      'folder-not-found',
    ]);
    await actions.registerFolders(['/']);
    expect(ui.get().refusals).toHaveLength(3);
  });

  it('trust exactly what was shown, then start', async () => {
    const { actions, commands } = await make();
    const { id } = project('b');
    await actions.trustAndStart(id, 'b'.repeat(64));
    expect(commands()).toEqual([
      { type: 'trustProject', projectId: id, trustHash: 'b'.repeat(64) },
      { type: 'startProject', projectId: id },
    ]);
  });
});
