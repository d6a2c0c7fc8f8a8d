import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { baseConfig, openEngineFixture, type EngineFixture } from './testing/engine-fixture.ts';

let fixture: EngineFixture;
let projectId: string;
const size = { rows: 30, columns: 100 };

beforeAll(async () => {
  fixture = await openEngineFixture();
  projectId = await fixture.trusted(await fixture.folder('hygiene', baseConfig));
  expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
});
afterAll(async () => fixture.close());

const open = async () => fixture.openSession({ kind: 'shell', projectId, size, keep: true });

/** Opens so many terminals of windows, lets each start something in the background, and closes them. */
async function openAndClose(count: number): Promise<void> {
  const together = 10;
  for (let done = 0; done < count; done += together) {
    const shells = await Promise.all(Array.from({ length: together }, open));
    for (const { session } of shells) void session.write(Buffer.from('sleep 1000 & echo o"n"\n'));
    await Promise.all(shells.map(async (shell) => shell.printed(/on/u)));
    await Promise.all(shells.map(async ({ session }) => session.end()));
    await Promise.all(shells.map(async ({ ended }) => ended));
  }
}

/** How many processes run in the container, its own left out. */
async function guests(): Promise<number> {
  const { container } = fixture.project(projectId);
  if (container.status === 'missing') throw new Error('no container');
  const top = (await fixture.client.getContainer(container.id).top()) as { Processes: readonly (readonly string[])[] };
  return top.Processes.filter((row) => !row.some((cell) => cell.endsWith('sleep infinity'))).length;
}

/** Open files of this process that are terminals of its own making. */
const ptys = (): number =>
  readdirSync('/proc/self/fd').filter((name) => {
    try {
      return (
        readlinkSync(`/proc/self/fd/${name}`) === '/dev/pts/ptmx' ||
        readlinkSync(`/proc/self/fd/${name}`) === '/dev/ptmx'
      );
    } catch {
      // The folder's own descriptor is gone by now.
      return false;
    }
  }).length;

const children = (): readonly string[] =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
    .split(' ')
    .filter((pid) => pid.trim() !== '');

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

test('100 sessions that were opened and closed leave no process, no pty and no memory behind', async () => {
  const one = await open();
  // Otherwise none would be found below, whatever stayed.
  expect([ptys(), await guests()]).toEqual([1, 1]);
  await one.session.end();
  await openAndClose(20);
  await expect.poll(() => ptys(), { timeout: 10_000 }).toBe(0);
  const before = { children: children().length, heap: heapBytes() };
  await openAndClose(100);
  await expect.poll(guests, { timeout: 10_000 }).toBe(0);
  await expect.poll(() => ptys(), { timeout: 10_000 }).toBe(0);
  await expect.poll(() => children().length, { timeout: 10_000 }).toBeLessThanOrEqual(before.children);
  expect(fixture.project(projectId).sessions).toEqual([]);
  expect(heapBytes() / before.heap).toBeLessThan(1.1);
}, 180_000);

test('a session is ended by its id, whoever opened it; one that is not there is told', async () => {
  const shell = await open();
  const { engine } = fixture;
  expect(await engine.execute({ type: 'endSession', sessionId: shell.session.id })).toEqual({ accepted: true });
  expect(await shell.ended).toMatchObject({ reason: 'closed' });
  expect(await engine.execute({ type: 'endSession', sessionId: shell.session.id })).toMatchObject({
    accepted: false,
    failure: { code: 'session-unknown' },
  });
});
