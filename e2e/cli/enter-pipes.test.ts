import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { cliEntry, nodeProgram } from '../fixtures/cli-process.ts';
import { eventually } from '../fixtures/processes.ts';
import { guestsIn } from '../fixtures/processes-in-container.ts';

const mebibyte = 1024 * 1024;

describe('tazpod enter between pipes', () => {
  let profile: CliProfile;
  let folder: string;
  let containerId: string;

  beforeAll(async () => {
    profile = await openCliProfile();
    folder = await profile.folder('piped');
    await profile.up(folder);
    containerId = (await profile.containers())[0]?.Id ?? '';
  });
  afterAll(async () => profile.close());

  /** Runs a line of bash in which `tazpod` is the built command line and $DIR the project. */
  const bash = async (line: string): Promise<{ code: number | null; stdout: string; stderr: string }> => {
    const script = `tazpod() { "${nodeProgram}" "${cliEntry}" "$@"; }\n${line}`;
    const child = spawn('bash', ['-c', script], { env: { ...profile.environment, DIR: folder }, cwd: '/' });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (bytes: Buffer) => (said.stdout += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (said.stderr += bytes.toString()));
    child.stdin.end();
    return new Promise((resolve) => {
      child.once('close', (code) => resolve({ code, ...said }));
    });
  };
  const start = (...command: readonly string[]) => {
    const child = spawn(nodeProgram, [cliEntry, 'enter', folder, '--', ...command], { env: profile.environment });
    onTestFinished(() => void child.kill('SIGKILL'));
    child.stdin.on('error', () => undefined);
    const ended = new Promise<number | null>((resolve) => {
      child.once('close', resolve);
    });
    const exited = new Promise<number | null>((resolve) => {
      child.once('exit', resolve);
    });
    return { child, ended, exited };
  };
  const nobodyLeft = async (): Promise<void> =>
    eventually(async () => (await guestsIn(profile.client, containerId)).length === 0, 'nothing left in it', 3_000);

  test('passes bytes as they are, the end of input, both outputs and the exit code', async () => {
    const cat = await bash(`printf 'a\\r\\n\\0\\033z' | tazpod enter "$DIR" -- cat`);
    expect(cat).toEqual({ code: 0, stdout: 'a\r\n\0\u001bz', stderr: '' });
    const both = await bash(`tazpod enter "$DIR" -- sh -c 'echo out; echo err >&2; exit 42' < /dev/null`);
    expect(both).toEqual({ code: 42, stdout: 'out\n', stderr: 'err\n' });
    const file = await bash(`tazpod enter "$DIR" -- sha256sum < /bin/bash; sha256sum < /bin/bash`);
    const [inside, outside] = file.stdout.split('\n');
    expect(inside).toBe(outside);
    const closed = await bash(`tazpod enter "$DIR" -- cat <&-`);
    expect(closed).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('ends with its program while its input goes on, and quietly when nobody reads', async () => {
    const head = await bash(`yes | tazpod enter "$DIR" -- head -n 2; echo "code $?"`);
    expect(head).toEqual({ code: 0, stdout: 'y\ny\ncode 0\n', stderr: '' });
    const reader = await bash(`tazpod enter "$DIR" -- yes | head -n 1`);
    expect(reader).toEqual({ code: 0, stdout: 'y\n', stderr: '' });
    await nobodyLeft();
  });

  test('carries 128 MiB both ways, in bounded memory, and stops its input while nobody reads', async () => {
    const agent = (await profile.agentProcessId()) ?? -1;
    const peakMiB = (processId: number): number =>
      Number(/VmHWM:\s+(?<peak>\d+) kB/u.exec(readFileSync(`/proc/${processId}/status`, 'utf8'))?.groups?.['peak']) /
      1024;
    const before = peakMiB(agent);
    const { child, ended } = start('cat');
    const input = randomBytes(128 * mebibyte);
    let sent = 0;
    const pump = (): void => {
      while (sent < input.length) {
        const piece = input.subarray(sent, sent + 64 * 1024);
        sent += piece.length;
        if (!child.stdin.write(piece)) return void child.stdin.once('drain', pump);
      }
      child.stdin.end();
    };
    pump();
    // Nobody reads yet: all the pipes between fill, then nothing moves.
    let seen = -1;
    await eventually(
      async () => {
        const last = seen;
        seen = sent;
        await new Promise((resolve) => setTimeout(resolve, 500));
        return seen === last && seen > 0 && sent === seen && seen > mebibyte;
      },
      'input that stops',
      20_000,
    );
    expect(sent).toBeLessThan(8 * mebibyte);
    const hash = createHash('sha256');
    let received = 0;
    child.stdout.on('data', (bytes: Buffer) => {
      received += bytes.length;
      hash.update(bytes);
    });
    expect(await ended).toBe(0);
    expect(received).toBe(input.length);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(input).digest('hex'));
    const grown = peakMiB(agent) - before;
    // Both ways it was twice as much; what is there is not yet collected garbage.
    expect(grown).toBeLessThan(96);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends it also while nobody reads its output, and leaves nothing', async (signal, code) => {
    const { child, exited } = start('sh', '-c', 'sleep 7171 & yes');
    await eventually(
      async () => (await guestsIn(profile.client, containerId)).some((one) => one === 'yes'),
      'yes',
      10_000,
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill(signal);
    await nobodyLeft();
    expect(await exited).toBe(code);
  });

  test('a command line that is killed leaves nothing, whatever it had sent', async () => {
    const { child, ended } = start('sh', '-c', 'sleep 7272 & sleep 7373');
    child.stdin.write(Buffer.alloc(4 * mebibyte));
    await eventually(
      async () => (await guestsIn(profile.client, containerId)).some((one) => one === 'sleep 7373'),
      'the sleep',
      10_000,
    );
    child.kill('SIGKILL');
    await ended;
    await nobodyLeft();
  });
});
