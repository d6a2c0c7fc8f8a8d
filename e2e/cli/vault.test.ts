import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { baseImage } from '../../main/engine/docker/base-image.ts';
import type { VaultState } from '../../preload/contract/vault.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { cliEntry, nodeProgram, type CliEnd } from '../fixtures/cli-process.ts';
import { commandLineOf } from '../fixtures/processes.ts';
import { needsPty, openPty, type Pty } from '../fixtures/pty.ts';

const passphrase = 'marble yonder kiosk plum';
const newPassphrase = 'velvet harbor onion tram';

let profile: CliProfile;
let folder: string;

beforeAll(async () => {
  profile = await openCliProfile();
  folder = await profile.folder('kept');
  await profile.up(folder);
});
afterAll(async () => profile.close());

const run = async (...words: readonly string[]): Promise<CliEnd> => profile.run([...words, folder]);
const unlock = async (typed: string, ...flags: readonly string[]): Promise<CliEnd> =>
  profile.run(['unlock', '--passphrase-stdin', ...flags, folder], { input: `${typed}\n` });
const inside = async (script: string): Promise<CliEnd> => profile.run(['enter', folder, '--', 'sh', '-c', script]);
const vault = async (): Promise<VaultState> =>
  JSON.parse((await run('vault', 'status', '--json')).stdout) as VaultState;
const lock = async (): Promise<void> => {
  const end = await run('lock', '--end-holders');
  expect(end.code, end.stderr).toBe(0);
};
const onPty = async (...words: readonly string[]): Promise<Pty> => {
  const pty = await openPty([nodeProgram, cliEntry, ...words, folder], {
    environment: profile.environment,
    rows: 30,
    columns: 120,
  });
  onTestFinished(async () => pty.close());
  return pty;
};

describe('a vault from the command line', () => {
  test('is made, saved, locked and opened again by scripts; what was put in is there', async () => {
    expect((await run('unlock')).code).toBe(3);
    const made = await unlock(passphrase, '--create');
    expect(made.code, made.stderr).toBe(0);
    expect(made.stdout).toContain('Made the vault of kept');
    await inside('umask 077; echo canary > ~/secrets/token');
    expect((await run('save')).stdout).toBe('Saved the vault of kept.\n');
    const file = await readFile(path.join(folder, '.tazpod/vault/vault.tar.aes'));
    expect((await run('save')).stdout).toContain('nothing was written');
    expect(await readFile(path.join(folder, '.tazpod/vault/vault.tar.aes'))).toEqual(file);
    expect(await vault()).toMatchObject({ status: 'unlocked', dirtySinceMs: null, content: { memberCount: 2 } });
    await lock();
    expect(await vault()).toMatchObject({ status: 'locked', content: null });
    expect((await inside('cat ~/secrets/token')).code).not.toBe(0);
    expect((await unlock(passphrase)).code).toBe(0);
    expect((await inside('cat ~/secrets/token')).stdout).toBe('canary\n');
    expect((await run('status')).stdout).toMatch(/Vault +unlocked/u);
    await lock();
  });

  test('a changed passphrase is the only one that opens it', async () => {
    const changed = await profile.run(['vault', 'passphrase', '--passphrase-stdin', folder], {
      input: `${passphrase}\n${newPassphrase}\n`,
    });
    expect(changed.code, changed.stderr).toBe(0);
    const refused = await unlock(passphrase);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/wrong passphrase or damaged vault[^]*2 tries are left/u);
    expect((await unlock(newPassphrase)).code).toBe(0);
    await lock();
  });

  test('a vault held open is not locked without leave, and says by what', async () => {
    expect((await unlock(newPassphrase)).code).toBe(0);
    const holder = profile.start(['enter', folder, '--', 'sh', '-c', 'cd ~/secrets && echo inside && sleep 300']);
    await holder.printed(/inside/u);
    const refused = await run('lock');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/sh \(process \d+\)/u);
    expect(await vault()).toMatchObject({ status: 'unlocked' });
    await lock();
    expect((await holder.ended).code).not.toBe(0);
  });
});

describe.skipIf(needsPty !== '')(`a vault on a terminal${needsPty}`, () => {
  test('what is typed is not shown and stands in no argument; a typo is asked for again', async () => {
    const pty = await onPty('unlock');
    await pty.printed(/Passphrase of the vault of kept: /u);
    expect(commandLineOf(pty.processId)).not.toContain('typo');
    pty.write('typo\r');
    await pty.printed(/wrong passphrase or damaged vault/u);
    await pty.printed(/Passphrase of the vault of kept: /u);
    pty.write(`${newPassphrase}\r`);
    expect(await pty.ended).toBe(0);
    expect(pty.text()).not.toMatch(/typo|velvet/u);
  });

  test('lock asks before it ends who has it open', async () => {
    const holder = profile.start(['enter', folder, '--', 'sh', '-c', 'cd ~/secrets && echo inside && sleep 300']);
    await holder.printed(/inside/u);
    const pty = await onPty('lock');
    await pty.printed(/End them\? \[y\/N\] /u);
    pty.write('y\r');
    expect(await pty.ended).toBe(0);
    await holder.ended;
    expect(await vault()).toMatchObject({ status: 'locked' });
  });

  test('the guided entry offers to unlock, can be skipped, and asks nothing once it is open', async () => {
    const skipped = await onPty('enter');
    await skipped.printed(/Enter to go on without it: /u);
    skipped.write('\r');
    skipped.write('test -e ~/secrets/token; echo "there: $?"\r');
    await skipped.printed(/there: 1/u);
    skipped.write('exit\r');
    await skipped.ended;

    const opened = await onPty('enter');
    await opened.printed(/Enter to go on without it: /u);
    opened.write(`${newPassphrase}\r`);
    await opened.printed(/The vault is unlocked/u);
    opened.write('cat ~/secrets/token\r');
    await opened.printed(/canary/u);
    opened.write('exit\r');
    await opened.ended;

    const open = await onPty('enter');
    open.write('echo "in $((40 + 2))"\r');
    await open.printed(/in 42/u);
    open.write('exit\r');
    await open.ended;
    expect(open.text()).not.toContain('Passphrase');
    await lock();
  });

  test('Ctrl-C at the question leaves terminal and vault as they were', async () => {
    const pty = await onPty('unlock');
    await pty.printed(/Passphrase of the vault of kept: /u);
    pty.write('half\u0003');
    expect(await pty.ended).toBe(1);
    expect(pty.text()).not.toContain('half');
    expect(await vault()).toMatchObject({ status: 'locked', triesLeft: 3 });
  });

  test('a container that is brought up by the guided entry is offered a vault, made with a passphrase typed twice', async () => {
    const other = await profile.folder('fresh');
    await profile.up(other);
    expect((await profile.run(['down', other])).code).toBe(0);
    const pty = await openPty([nodeProgram, cliEntry, 'enter', other], {
      environment: profile.environment,
      rows: 30,
      columns: 120,
    });
    onTestFinished(async () => pty.close());
    await pty.printed(/Make one\? \[y\/N\] /u);
    pty.write('y\r');
    await pty.printed(/New passphrase[^:]*: /u);
    pty.write(`${passphrase}\r`);
    await pty.printed(/Strong: [^]*once more: /u);
    pty.write(`${passphrase}\r`);
    pty.write('echo kept > ~/secrets/a; ls ~/secrets\r');
    await pty.printed(/\ba\r?\n/u);
    pty.write('exit\r');
    await pty.ended;
    expect((await profile.run(['lock', '--end-holders', other])).code).toBe(0);
  });

  test('one that comes up without a vault is offered the one that its remote has, pulled and unlocked', async () => {
    const place = await realpath(await mkdtemp(path.join(tmpdir(), 'tazpod-place-')));
    onTestFinished(async () => rm(place, { recursive: true }));
    const [first, second] = [await profile.folder('first'), await profile.folder('second')];
    for (const one of [first, second]) {
      await mkdir(path.join(one, '.tazpod'));
      const config = `image: ${baseImage}\nsync: { prefix: shared, remote: { type: folder, path: ${place} } }\n`;
      await writeFile(path.join(one, '.tazpod/config.yaml'), config);
      expect(await profile.run(['trust', '--yes', one])).toMatchObject({ code: 0 });
    }
    expect(await profile.run(['up', first])).toMatchObject({ code: 0 });
    const input = `${passphrase}\n`;
    const made = await profile.run(['unlock', '--create', '--passphrase-stdin', first], { input });
    expect(made.code, made.stderr).toBe(0);
    await profile.run(['enter', first, '--', 'sh', '-c', 'echo shared > ~/secrets/note']);
    expect(await profile.run(['push', first])).toMatchObject({ code: 0 });
    expect(await profile.run(['down', first])).toMatchObject({ code: 0 });

    const pty = await openPty([nodeProgram, cliEntry, 'enter', second], {
      environment: profile.environment,
      rows: 30,
      columns: 120,
    });
    onTestFinished(async () => pty.close());
    await pty.printed(/There is no vault here, but one of [^]*Pull it\? \[y\/N\] /u);
    pty.write('y\r');
    await pty.printed(/Passphrase of the vault[^:]*: /u);
    pty.write(`${passphrase}\r`);
    await pty.printed(/The vault is unlocked/u);
    pty.write('cat ~/secrets/note\r');
    await pty.printed(/[\r\n]shared\r?\n/u);
    pty.write('exit\r');
    await pty.ended;
    expect(await profile.run(['down', second])).toMatchObject({ code: 0 });
  });
});
