import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runInContainer } from './docker/exec.ts';
import { baseConfig, openEngineFixture, type EngineFixture } from './testing/engine-fixture.ts';

let fixture: EngineFixture;
let projectId: string;
let folder: string;
const size = { rows: 33, columns: 101 };

beforeAll(async () => {
  fixture = await openEngineFixture();
  folder = await fixture.folder('sessions', baseConfig);
  projectId = await fixture.trusted(folder);
  expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
});
afterAll(async () => fixture.close());

function containerId(): string {
  const { container } = fixture.project(projectId);
  if (container.status === 'missing') throw new Error('no container');
  return container.id;
}

/** Command lines in the container now, without the container's own. */
async function processes(): Promise<readonly string[]> {
  const top = (await fixture.client.getContainer(containerId()).top()) as { Processes: string[][]; Titles: string[] };
  const column = top.Titles.indexOf('CMD');
  return top.Processes.map((row) => row[column] ?? '').filter((command) => !command.endsWith('sleep infinity'));
}

/** Resolves when the engine has said that as many exec sessions of ours died as it takes for nothing to run. */
async function untilIdle(): Promise<void> {
  const deadline = Date.now() + 2_000;
  while ((await processes()).length > 0) {
    if (Date.now() > deadline) throw new Error(`still there after 2 s: ${(await processes()).join(', ')}`);
  }
}

const write = (opened: { session: { write(bytes: Uint8Array): void } }, text: string): void =>
  opened.session.write(Buffer.from(text));

describe('a shell session', () => {
  test('knows its size before the first prompt, 20 of 20 times', async () => {
    for (let round = 0; round < 20; round++) {
      const shell = await fixture.openSession({ kind: 'shell', projectId, size, command: ['stty', 'size'] });
      expect(await shell.ended).toEqual({ reason: 'exited', exitCode: 0 });
      expect(shell.text()).toBe('33 101\r\n');
    }
  });

  test('is bash in /workspace as the config’s user, resizes, and passes the exit code on', async () => {
    const shell = await fixture.openSession({ kind: 'shell', projectId, size });
    write(shell, 'echo "$0 $PWD $(id -un) $TERM"\n');
    await shell.printed(/bash \/workspace tazpod xterm-256color/u);
    // The terminal is asked by a loop: bash runs a trap on WINCH only when its prompt lets it.
    write(shell, 'echo re"ady"; while [ "$(stty size)" != "40 120" ]; do sleep 0.1; done; echo arr"ived"\n');
    await shell.printed(/ready/u);
    shell.session.resize({ rows: 40, columns: 120 });
    await shell.printed(/arrived/u);
    expect(fixture.project(projectId).sessions).toHaveLength(1);
    write(shell, 'exit 7\n');
    expect(await shell.ended).toEqual({ reason: 'exited', exitCode: 7 });
    expect(fixture.project(projectId).sessions).toEqual([]);
  });

  test('passes Ctrl-C to the program in front', async () => {
    const shell = await fixture.openSession({ kind: 'shell', projectId, size });
    // Told by the program in front itself: before it is there, Ctrl-C would be for the shell.
    write(shell, `sh -c 'echo be"gun"; exec sleep 1000'\n`);
    await shell.printed(/begun/u);
    write(shell, '\u0003');
    write(shell, 'echo rc=$?\n');
    await shell.printed(/rc=130/u);
    await shell.session.end();
  });

  test('loses no byte of 100 short programs and of a flood', async () => {
    for (let round = 0; round < 100; round++) {
      const text = `line-${round}`;
      const shell = await fixture.openSession({ kind: 'shell', projectId, size, command: ['echo', text] });
      await shell.ended;
      expect(shell.text()).toBe(`${text}\r\n`);
    }
    const flood = await fixture.openSession({ kind: 'shell', projectId, size, command: ['seq', '1', '500000'] });
    expect(await flood.ended).toEqual({ reason: 'exited', exitCode: 0 });
    expect(flood.text().length).toBe(Array.from({ length: 500_000 }, (_, at) => `${at + 1}\r\n`).join('').length);
  }, 120_000);

  test('leaves nothing behind, whatever it started in the background', async () => {
    const shell = await fixture.openSession({ kind: 'shell', projectId, size });
    write(
      shell,
      "nohup sleep 1001 & (sleep 1002 &) ; sleep 1003 & disown; sh -c \"trap '' HUP TERM; echo stub'born'; sleep 1004\"\n",
    );
    await shell.printed(/stubborn/u);
    expect((await processes()).filter((command) => command.includes('sleep'))).toHaveLength(5);
    await shell.session.end();
    expect(await shell.ended).toMatchObject({ reason: 'closed' });
    await untilIdle();
  });

  test('that exits by itself takes its background with it', async () => {
    const shell = await fixture.openSession({ kind: 'shell', projectId, size });
    write(shell, '(sleep 1005 &); exit\n');
    expect(await shell.ended).toEqual({ reason: 'exited', exitCode: 0 });
    await untilIdle();
  });

  test('does not end what another session runs', async () => {
    const other = await fixture.openSession({ kind: 'shell', projectId, size });
    write(other, 'sleep 1006 & echo o"n"\n');
    await other.printed(/on/u);
    const shell = await fixture.openSession({ kind: 'shell', projectId, size });
    await shell.session.end();
    expect((await processes()).join()).toContain('sleep 1006');
    await other.session.end();
    await untilIdle();
  });

  test('that was left behind by a host process that died is ended by the next one', async () => {
    const client = fixture.client;
    const leader = await client.getContainer(containerId()).exec({ Cmd: ['sleep', '1007'], Tty: true, User: 'tazpod' });
    await leader.start({ Detach: true });
    const stat = await runInContainer(
      client,
      containerId(),
      [
        'sh',
        '-c',
        'for p in /proc/[0-9]*; do case "$(tr "\\0" " " < $p/cmdline)" in "sleep 1007 ") cat $p/stat;; esac; done',
      ],
      '0',
    );
    const line = stat.output.trim();
    expect(line).toContain('(sleep)');
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    const dead = await deadProcessId();
    const record = { containerId: containerId(), processId: Number(line.split(' ')[0]), startTicks: fields[19] };
    const wrong = { ...record, processId: 1, startTicks: '1' };
    await writeFile(
      path.join(fixture.stateFolder, `sessions-${dead}.json`),
      JSON.stringify({ hostStartTicks: '5', sessions: [wrong, record] }),
    );
    const next = await openEngineFixture({ stateFolder: fixture.stateFolder });
    try {
      await untilIdle();
      expect(fixture.project(projectId).container.status).toBe('running');
    } finally {
      await next.leave();
    }
  });

  test('ends with the container, and says so', async () => {
    const shell = await fixture.openSession({ kind: 'shell', projectId, size });
    await fixture.client.getContainer(containerId()).kill();
    expect(await shell.ended).toMatchObject({ reason: 'container-stopped' });
    expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
  });
});

describe('the container’s own output', () => {
  test('is shown whole, or its last lines, or as it comes', async () => {
    const all = await fixture.openSession({ kind: 'logs', projectId, follow: false });
    expect(await all.ended).toMatchObject({ reason: 'exited' });
    const last = await fixture.openSession({ kind: 'logs', projectId, follow: false, tailLines: 5 });
    expect(await last.ended).toMatchObject({ reason: 'exited' });
    const follow = await fixture.openSession({ kind: 'logs', projectId, follow: true });
    await follow.session.end();
    expect(await follow.ended).toEqual({ reason: 'closed' });
  });
});

/** PID of a process that has ended. */
async function deadProcessId(): Promise<number> {
  const child = spawn('true');
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid ?? 0;
}
