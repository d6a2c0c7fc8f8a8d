import { expect, it, vi } from 'vitest';
import type { TazpodApi } from '../../preload/api.ts';
import { defaultSettings } from '../../preload/contract/settings.ts';
import type { AppState } from '../store/app-state.ts';
import { createExternalStore } from '../store/external-store.ts';
import { project, sessionIdOf } from '../testing/scenarios/parts.ts';
import { toInputBytes } from './input-bytes.ts';
import { createTerminalTabs } from './terminal-tabs.ts';
import type { CreateTerminalView, TerminalViewEvents } from './terminal-view.ts';

const { id } = project('a');
const sessionId = sessionIdOf('one');

/** The tabs of a page whose app answers when it is told to. */
async function openTab() {
  let answer: (value: unknown) => void = () => undefined;
  const send = vi.fn<(name: string, ...args: readonly unknown[]) => void>();
  const request = async (name: string): Promise<unknown> =>
    name === 'openTerminal'
      ? new Promise((resolve) => {
          answer = resolve;
        })
      : { ok: true, value: null };
  let events: TerminalViewEvents | null = null;
  const createView = ((_look: unknown, given: TerminalViewEvents) => {
    events = given;
    return {
      element: { isConnected: true },
      show: () => undefined,
      size: () => ({ rows: 24, columns: 80 }),
      write: (_bytes: Uint8Array, shown: () => void) => shown(),
      writeScreen: () => undefined,
    };
  }) as unknown as CreateTerminalView;
  const tabs = createTerminalTabs({
    api: { request, send, on: () => () => undefined } as unknown as TazpodApi,
    app: createExternalStore<AppState>({ status: 'loading' }),
    look: () => defaultSettings,
    isOurKey: () => false,
    onSelect: () => undefined,
    asksBeforePaste: () => true,
    noticeAfterSeconds: () => 0,
    loadView: async () => createView,
  });
  tabs.open(id);
  const key = tabs.store.get().panes[0]?.key ?? '';
  await tabs.show(key, { isConnected: true } as HTMLElement);
  const type = (text: string): void => events?.onInput(toInputBytes(text));
  const typed = (): string =>
    send.mock.calls
      .filter(([name, session]) => name === 'writeTerminal' && session === sessionId)
      .map(([, , bytes]) => new TextDecoder().decode(bytes as Uint8Array))
      .join('');
  return { tabs, key, type, typed, answer: (value: unknown) => answer(value) };
}

it('what is typed before the session is there follows, in order', async () => {
  const { tabs, key, type, typed, answer } = await openTab();
  type('ma');
  type('ke ');
  expect(typed()).toBe('');
  answer({ ok: true, value: { sessionId } });
  await vi.waitFor(() => expect(tabs.store.get().panes.find((pane) => pane.key === key)?.status).toBe('live'));
  type('test\n');
  expect(typed()).toBe('make test\n');
});

it('what was typed for a session that could not be opened does not reach the next one', async () => {
  const { tabs, key, type, typed, answer } = await openTab();
  type('rm -r build\n');
  answer({ ok: false, failure: { code: 'session-failed' } });
  await vi.waitFor(() => expect(tabs.store.get().panes.find((pane) => pane.key === key)?.status).toBe('failed'));
  tabs.store.update((state) => ({
    ...state,
    panes: state.panes.map((pane) => ({ ...pane, status: 'opening' as const })),
  }));
  await tabs.show(key, { isConnected: true } as HTMLElement);
  answer({ ok: true, value: { sessionId } });
  await vi.waitFor(() => expect(tabs.store.get().panes.find((pane) => pane.key === key)?.status).toBe('live'));
  expect(typed()).toBe('');
});
