import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadPty } from './terminal/pty-exec.ts';
import { baseConfig, openEngineFixture, type EngineFixture } from './testing/engine-fixture.ts';

const hasPty = (await loadPty(() => undefined)) !== null;
const title = hasPty ? 'a window’s session' : 'a window’s session (skipped: node-pty could not be built here)';

describe.skipIf(!hasPty)(title, () => {
  let fixture: EngineFixture;
  let projectId: string;
  const size = { rows: 33, columns: 101 };

  beforeAll(async () => {
    fixture = await openEngineFixture();
    projectId = await fixture.trusted(await fixture.folder('pty', baseConfig));
    expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
  });
  afterAll(async () => fixture.close());

  const open = async (command?: readonly string[]) =>
    fixture.openSession({ kind: 'shell', projectId, size, keep: true, ...(command === undefined ? {} : { command }) });

  test('a kept session runs docker exec on a pty of this machine', async () => {
    const shell = await open();
    expect(fixture.project(projectId).sessions).toMatchObject([{ kind: 'shell', kept: true }]);
    expect(fixture.logLines.join('\n')).not.toContain('exec stream');
    await shell.session.write(Buffer.from('stty size; exit 9\n'));
    await shell.printed(/33 101/u);
    expect(await shell.ended).toEqual({ reason: 'exited', exitCode: 9 });
  });

  test('knows its size before the first prompt, and loses no byte of 60 short programs', async () => {
    for (let round = 0; round < 60; round++) {
      const shell = await open(['sh', '-c', `stty size; echo line-${round}`]);
      expect(await shell.ended).toEqual({ reason: 'exited', exitCode: 0 });
      expect(shell.text()).toBe(`33 101\r\nline-${round}\r\n`);
    }
  });

  test('loses nothing of a flood that is paused across its program’s end', async () => {
    const flood = await open(['seq', '1', '200000']);
    flood.session.pause();
    setTimeout(() => flood.session.resume(), 1_500);
    expect(await flood.ended).toEqual({ reason: 'exited', exitCode: 0 });
    const lines = flood.text().split('\r\n');
    expect(lines).toHaveLength(200_001);
    expect(lines.at(-2)).toBe('200000');
  });

  test('resizes, and leaves nothing behind when it is closed', async () => {
    const shell = await open();
    await shell.session.write(Buffer.from('trap "stty size" WINCH; (sleep 2001 &); echo re"ady"\n'));
    await shell.printed(/ready/u);
    shell.session.resize({ rows: 44, columns: 122 });
    await shell.printed(/44 122/u);
    await shell.session.end();
    expect(await shell.ended).toMatchObject({ reason: 'closed' });
    const { container } = fixture.project(projectId);
    if (container.status === 'missing') throw new Error('no container');
    const top = (await fixture.client.getContainer(container.id).top()) as { Processes: string[][] };
    expect(top.Processes.flat().join(' ')).not.toContain('2001');
  });
});
