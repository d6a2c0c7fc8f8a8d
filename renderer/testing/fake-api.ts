import type { TazpodApi } from '../../preload/api.ts';
import { toFailure } from '../../preload/contract/errors.ts';
import { defaultSettings, type Settings } from '../../preload/contract/settings.ts';
import { diffSnapshot } from '../../preload/contract/snapshot-change.ts';
import type { ProjectState, Snapshot } from '../../preload/contract/snapshot.ts';
import type { Command } from '../../preload/contract/commands.ts';
import type { CommandAnswer } from '../../preload/contract/parse.ts';
import type {
  WatchKind,
  WindowEventName,
  WindowEvents,
  WindowStart,
  WindowView,
} from '../../preload/contract/window.ts';
import { echoOf, newSessionId, replayText } from './fake-terminal.ts';
import { fakeRows } from './fake-doctor.ts';
import { fakeListening } from './fake-listening.ts';
import { fakeSamples } from './fake-stats.ts';
import { project } from './scenarios/parts.ts';

/** What the fake app starts with. */
export interface FakeScenario {
  readonly snapshot: Snapshot;
  /** Name of the project to bring into view. */
  readonly selected?: string;
  readonly settings?: Partial<Settings>;
  readonly view?: WindowView;
  readonly terminalLayouts?: WindowStart['terminalLayouts'];
  readonly neverStarts?: boolean;
  readonly page?: 'doctor';
}

/** A fake of the app behind `window.tazpod`, with handles to script it. */
export interface FakeApi {
  readonly api: TazpodApi;
  /** Everything that was asked, in order. */
  readonly calls: readonly (readonly unknown[])[];
  publish(change: (snapshot: Snapshot) => Partial<Snapshot>): void;
  changeProject(name: string, part: Partial<ProjectState>): void;
  emit<Name extends WindowEventName>(name: Name, event: WindowEvents[Name]): void;
}

export function createFakeApi(scenario: FakeScenario): FakeApi {
  let { snapshot } = scenario;
  let settings: Settings = { ...defaultSettings, ...scenario.settings };
  const calls: (readonly unknown[])[] = [];
  const listeners = new Map<WindowEventName, Set<(event: never) => void>>();

  const emit: FakeApi['emit'] = (name, event) => {
    for (const listener of listeners.get(name) ?? []) (listener as (event: unknown) => void)(event);
  };
  const publish: FakeApi['publish'] = (change) => {
    const next = { ...snapshot, ...change(snapshot), revision: snapshot.revision + 1 };
    const difference = diffSnapshot(snapshot, next);
    snapshot = next;
    emit('snapshotChange', structuredClone(difference));
  };
  const changeProject: FakeApi['changeProject'] = (name, part) =>
    publish(({ projects }) => ({ projects: projects.map((one) => (one.name === name ? { ...one, ...part } : one)) }));
  const print = (sessionId: string, text: string): void =>
    emit('terminalData', { sessionId, bytes: new TextEncoder().encode(text) });

  const execute = (command: Command): CommandAnswer => {
    if (command.type !== 'registerProject') return { accepted: true };
    const { folder } = command;
    if (folder.includes('link')) {
      return { accepted: false, failure: toFailure('folder-is-symlink', { folder, target: '/srv/data/real-folder' }) };
    }
    if (folder === '/') {
      return { accepted: false, failure: toFailure('folder-refused', { folder, reason: 'it is the whole system' }) };
    }
    publish(({ projects }) => ({ projects: [...projects, project(folder.split('/').at(-1) ?? folder, { folder })] }));
    return { accepted: true };
  };

  const answers: { readonly [name: string]: (...args: never[]) => unknown } = {
    execute: (command: Command) => execute(command),
    subscribe: () => ({
      snapshot,
      settings,
      runtime: { platform: 'linux', name: 'Electron 45.4.1', appVersion: '0.1.0', hasTray: true },
      view: scenario.view ?? { kind: 'main' },
      terminalLayouts: scenario.terminalLayouts ?? {},
    }),
    chooseFolders: () => ['/home/mira/code/chosen'],
    readText: () => 'pasted text',
    openTerminal: (projectId: string) => {
      const id = newSessionId();
      publish(({ projects }) => ({
        projects: projects.map((one) =>
          one.id === projectId
            ? {
                ...one,
                sessions: [...one.sessions, { id, kind: 'shell', title: 'bash', kept: true, openedAtMs: Date.now() }],
              }
            : one,
        ),
      }));
      return { ok: true, value: { sessionId: id } };
    },
    attachTerminal: (sessionId: string) => {
      emit('terminalScreen', {
        sessionId,
        bytes: new TextEncoder().encode(replayText),
        isFirst: true,
        isLast: true,
      });
      return { ok: true, value: null };
    },
    watch: (kind: WatchKind, projectId: string | null) => {
      if (projectId !== null && kind === 'ports') emit('watchSample', { kind, projectId, sample: fakeListening });
      if (projectId !== null && kind === 'stats') {
        for (const sample of fakeSamples()) emit('watchSample', { kind, projectId, sample });
      }
      return { ok: true, value: null };
    },
    lookAround: (projectId: string | null) => ({
      ok: true,
      value: fakeRows(projectId !== null, snapshot.engine.status === 'ready'),
    }),
    saveDiagnostics: () => ({ ok: true, value: { file: '/home/mira/tazpod-diagnostics-2026-11-24.json' } }),
    openFolder: () => ({ ok: true, value: null }),
    openLink: () => ({ ok: true, value: null }),
    readSettings: () => settings,
    changeSettings: (change: Partial<Settings>) => {
      settings = { ...settings, ...change };
      return settings;
    },
  };

  const api: TazpodApi = {
    request: async (name, ...args) => {
      calls.push([name, ...args]);
      if (scenario.neverStarts === true) return new Promise(() => {});
      const answer = (answers[name] ?? (() => null)) as (...args: unknown[]) => unknown;
      const value = answer(...args);
      if (name === 'subscribe') queueMicrotask(() => setTimeout(showSelected, 50));
      return structuredClone(value) as never;
    },
    send: (name, ...args) => {
      calls.push([name, ...args]);
      const [sessionId, bytes] = args as readonly [string, unknown];
      if (name === 'writeTerminal') print(sessionId, echoOf(new TextDecoder().decode(bytes as Uint8Array)));
    },
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => set.delete(listener);
    },
    pathsOf: (files) => files.map(({ name }) => `/home/mira/${name}`),
  };
  const showSelected = (): void => {
    const found = snapshot.projects.find(({ name }) => name === scenario.selected);
    if (found !== undefined) emit('showProject', { projectId: found.id, part: null });
    if (scenario.page !== undefined) emit('showPage', { page: scenario.page });
  };
  return { api, calls, publish, changeProject, emit };
}
