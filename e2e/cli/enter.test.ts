import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { cliEntry, nodeProgram } from '../fixtures/cli-process.ts';
import { eventually } from '../fixtures/processes.ts';
import { guestsIn } from '../fixtures/processes-in-container.ts';
import { needsPty, openPty, type Pty } from '../fixtures/pty.ts';

describe.skipIf(needsPty !== '')(`tazpod enter on a real terminal${needsPty}`, () => {
  let profile: CliProfile;
  let folder: string;
  let containerId: string;

  beforeAll(async () => {
    profile = await openCliProfile();
    folder = await profile.folder('entered');
    await profile.up(folder);
    containerId = (await profile.containers())[0]?.Id ?? '';
  });
  afterAll(async () => profile.close());

  const enter = async (...command: readonly string[]): Promise<Pty> => {
    const words = command.length === 0 ? [] : ['--', ...command];
    const pty = await openPty([nodeProgram, cliEntry, 'enter', folder, ...words], {
      environment: profile.environment,
      rows: 33,
      columns: 101,
    });
    onTestFinished(async () => pty.close());
    return pty;
  };
  const guests = async (): Promise<readonly string[]> => guestsIn(profile.client, containerId);
  const nobodyLeft = async (): Promise<void> =>
    eventually(async () => (await guests()).length === 0, 'nothing of the session left in the container', 3_000);

  test('the size is right before the first byte of the program, and resizes arrive', async () => {
    // The terminal is asked by a loop: bash may miss one of two WINCH that come close together.
    const script =
      'trap "exit 3" INT; last=; while :; do now=$(stty size); [ "$now" = "$last" ] || echo "$now"; last=$now; sleep 0.1; done';
    const pty = await enter('bash', '-c', script);
    expect((await pty.printed(/\d+ \d+/u))[0]).toBe('33 101');
    await pty.resize(44, 122);
    await pty.printed(/44 122/u);
    await pty.resize(24, 80);
    await pty.printed(/24 80/u);
    pty.write('\u0003');
    expect(await pty.ended).toBe(3);
  });

  test('bytes arrive as the program wrote them, and keys as they were typed', async () => {
    const pty = await enter('sh', '-c', 'stty raw -echo; printf "<a\\nb\\rc\\t\\033[1m>"; head -c 5 | od -An -tx1');
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    await pty.printed(/<a\nb\rc\t\u001b\[1m>/u);
    pty.write('\u0003\r\n\u0011\u001a');
    await pty.printed(/03 0d 0a 11 1a/u);
    expect(await pty.ended).toBe(0);
  });

  test('the shell stands in /workspace, Ctrl-C reaches its program, its exit code is passed on', async () => {
    const pty = await enter();
    pty.write('stty size; pwd\n');
    await pty.printed(/33 101\s+\/workspace\s/u);
    pty.write('sleep 3131; echo "after $?"\n');
    await eventually(async () => (await guests()).some((one) => one === 'sleep 3131'), 'the sleep', 5_000);
    pty.write('\u0003');
    await eventually(async () => !(await guests()).includes('sleep 3131'), 'the end of the sleep', 3_000);
    pty.write('echo "still $((40 + 2))"\n');
    await pty.printed(/still 42/u);
    pty.write('exit 23\n');
    expect(await pty.ended).toBe(23);
  });

  test('what was left in the background is gone after leaving', async () => {
    const pty = await enter();
    pty.write('sleep 4242 & nohup sleep 4343 >/dev/null 2>&1 & echo "began $((1 + 1))"\n');
    await pty.printed(/began 2/u);
    await eventually(
      async () => (await guests()).filter((one) => /sleep 4[23]4/u.test(one)).length === 2,
      'both',
      3_000,
    );
    pty.write('exit\n');
    await pty.ended;
    await nobodyLeft();
  });

  test.each(['SIGKILL', 'SIGHUP', 'SIGTERM'] as const)(
    '%s of the command line leaves no process of the session',
    async (signal) => {
      const pty = await enter();
      pty.write('sleep 5151 & sleep 5252\n');
      await eventually(
        async () => (await guests()).filter((one) => /sleep 5[12]5/u.test(one)).length === 2,
        'both',
        5_000,
      );
      process.kill(pty.processId, signal);
      await pty.ended;
      await nobodyLeft();
      expect((await profile.status(folder)).sessions).toEqual([]);
    },
  );

  test('a session whose agent was killed is ended by the next agent', async () => {
    const pty = await enter();
    pty.write('sleep 6161 & sleep 6262\n');
    const sleeps = async (): Promise<number> => (await guests()).filter((one) => /sleep 6[12]6/u.test(one)).length;
    await eventually(async () => (await sleeps()) === 2, 'both', 5_000);
    await profile.killAgent();
    expect(await pty.ended).not.toBe(0);
    // Nobody is there to end it yet: else this would prove nothing.
    expect(await sleeps()).toBe(2);
    expect((await profile.status(folder)).container.status).toBe('running');
    await nobodyLeft();
    const records = async () => (await readdir(profile.stateFolder)).filter((name) => name.startsWith('sessions-'));
    await eventually(async () => (await records()).length === 0, 'no record left', 3_000);
    expect(await profile.agents()).toHaveLength(1);
  });
});
