import { expect, test } from 'vitest';
import type { SessionRequest } from '../../preload/contract/session.ts';
import type { SessionSink } from '../engine/engine.ts';
import { createWatchHub } from './watch-hub.ts';

const inert = {
  write: async () => undefined,
  endInput: () => undefined,
  resize: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};

/** An engine that opens stats sessions when it is told to, and notes which are open. */
function slowEngine() {
  const open = new Set<string>();
  const waiting: (() => void)[] = [];
  const sinks: SessionSink[] = [];
  const hub = createWatchHub({
    openSession: async (request: SessionRequest, sink: SessionSink) => {
      const projectId = request.projectId ?? 'no project';
      await new Promise<void>((resolve) => waiting.push(resolve));
      open.add(projectId);
      sinks.push(sink);
      return {
        ok: true,
        value: {
          ...inert,
          id: projectId,
          end: async () => {
            open.delete(projectId);
          },
        },
      };
    },
  });
  return { hub, open, sinks, answer: () => waiting.shift()?.() };
}

const listener = () => {
  const heard: unknown[] = [];
  return {
    heard,
    onSample: ({ sample }: { readonly sample: unknown }) => heard.push(sample),
    onEnd: () => heard.push('end'),
  };
};
const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a window watches one project: the next one ends the first, looking away ends all', async () => {
  const { hub, open, sinks, answer } = slowEngine();
  const window = { id: 1 };
  const [one, two] = [listener(), listener()];
  const first = hub.watch(window, 'stats', 'a', one);
  await turn();
  answer();
  await first;
  sinks[0]?.onData(Buffer.from('{"atMs":1}\n'));
  const second = hub.watch(window, 'stats', 'b', two);
  await turn();
  answer();
  await second;
  expect([...open]).toEqual(['b']);
  sinks[0]?.onData(Buffer.from('{"atMs":2}\n'));
  sinks[0]?.onEnd({ reason: 'closed' });
  expect([one.heard, two.heard]).toEqual([[{ atMs: 1 }], []]);
  await hub.watch(window, 'stats', null, listener());
  expect([...open]).toEqual([]);
});

test('a window that looks away while the stream opens leaves none open', async () => {
  const { hub, open, answer } = slowEngine();
  const opening = hub.watch({ id: 1 }, 'stats', 'a', listener());
  await turn();
  await hub.watch({ id: 1 }, 'stats', null, listener());
  answer();
  await opening;
  expect([...open]).toEqual([]);
});

test('two windows watch apart from each other', async () => {
  const { hub, open, answer } = slowEngine();
  const both = [hub.watch({ id: 1 }, 'stats', 'a', listener()), hub.watch({ id: 2 }, 'stats', 'b', listener())];
  await turn();
  answer();
  answer();
  await Promise.all(both);
  await hub.watch({ id: 1 }, 'stats', null, listener());
  expect([...open]).toEqual(['b']);
});

test('what a window watches of one kind does not end what it watches of another; a page that is gone ends both', async () => {
  const { hub, open, answer } = slowEngine();
  const window = { id: 1 };
  const both = [hub.watch(window, 'stats', 'a', listener()), hub.watch(window, 'ports', 'b', listener())];
  await turn();
  answer();
  answer();
  await Promise.all(both);
  expect([...open]).toEqual(['a', 'b']);
  await hub.watch(window, 'stats', null, listener());
  expect([...open]).toEqual(['b']);
  await hub.forget(window);
  expect([...open]).toEqual([]);
});
