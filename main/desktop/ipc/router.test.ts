import type { IpcMainEvent, WebContents } from 'electron';
import * as fc from 'fast-check';
import * as v from 'valibot';
import { expect, test, vi } from 'vitest';
import { channelOf, messageNames, requestNames } from '../../../preload/contract/channels.ts';
import { messageSchemas, requestSchemas } from '../../../preload/contract/window.ts';
import { appUrl } from '../app-address.ts';
import { routeIpc, type MessageHandlers, type RequestHandlers } from './router.ts';

type Listener = (event: Pick<IpcMainEvent, 'sender' | 'senderFrame'>, ...input: unknown[]) => unknown;

const listeners = vi.hoisted(() => new Map<string, Listener>());
vi.mock('electron', () => {
  const listen = (channel: string, listener: Listener): void => void listeners.set(channel, listener);
  return { ipcMain: { handle: listen, on: listen } };
});

const messageCount = 10_000;
const names = [...requestNames, ...messageNames];
const schemas = { ...requestSchemas, ...messageSchemas };
const ours = {} as WebContents;
const strangers = {} as WebContents;

const frame = (url: string, parent: object | null = null): IpcMainEvent['senderFrame'] =>
  ({ url, parent }) as IpcMainEvent['senderFrame'];
const trusted = { sender: ours, senderFrame: frame(appUrl) };
const untrusted = fc.oneof(
  fc.constant({ sender: strangers, senderFrame: frame(appUrl) }),
  fc.constant({ sender: ours, senderFrame: frame(appUrl, {}) }),
  fc.constant({ sender: ours, senderFrame: null }),
  fc.webUrl().map((url) => ({ sender: ours, senderFrame: frame(url) })),
);
/** All that a structured clone can carry, and more. */
const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true });
const input = fc.array(fc.oneof(anything, fc.string(), fc.record({ type: fc.string() })), { maxLength: 4 });

test(`${messageCount} messages of wrong shapes and from strangers are refused, each with a line in the log`, async () => {
  const called: string[] = [];
  const logged: string[] = [];
  const refused = { strangers: 0, shapes: 0 };
  const handlers = Object.fromEntries(names.map((name) => [name, () => void called.push(name)]));
  routeIpc({
    requests: handlers as unknown as RequestHandlers,
    messages: handlers as unknown as MessageHandlers,
    isOurs: (contents) => contents === ours,
    log: (line) => void logged.push(line),
  });
  expect(new Set(listeners.keys())).toEqual(new Set(names.map((name) => channelOf(name))));

  const message = fc.tuple(fc.constantFrom(...names), fc.oneof(fc.constant(trusted), untrusted), input);
  await fc.assert(
    fc.asyncProperty(message, async ([name, event, args]) => {
      called.length = 0;
      logged.length = 0;
      const isTrusted = event === trusted;
      const isValid = v.safeParse(schemas[name], args).success;
      const answer = await settle(async () => listeners.get(channelOf(name))?.(event, ...args));
      if (isTrusted && isValid) {
        expect({ called, logged }).toEqual({ called: [name], logged: [] });
        return;
      }
      expect(called).toEqual([]);
      expect(logged).toHaveLength(1);
      expect(logged[0]).toContain(
        isTrusted ? `ipc: ${name} with wrong arguments was refused: ` : `ipc: ${name} from a stranger was refused`,
      );
      refused[isTrusted ? 'shapes' : 'strangers'] += 1;
      if (isTrusted && name === 'execute') {
        expect(answer).toMatchObject({ value: { accepted: false, failure: { code: 'invalid-command' } } });
      } else if (name in requestSchemas) expect(answer).toHaveProperty('error');
    }),
    { numRuns: messageCount },
  );
  // Otherwise this would have shown little.
  expect(Math.min(refused.strangers, refused.shapes)).toBeGreaterThan(messageCount / 10);
});

async function settle(ask: () => Promise<unknown>): Promise<{ readonly value: unknown } | { readonly error: unknown }> {
  try {
    return { value: await ask() };
  } catch (error) {
    return { error };
  }
}
