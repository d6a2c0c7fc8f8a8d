import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Command } from '../../preload/contract/commands.ts';
import { baseConfig, openEngineFixture, type EngineFixture } from './testing/engine-fixture.ts';

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await openEngineFixture();
});
afterAll(async () => fixture.close());

const passphrase = 'canary passphrase';
const toVaultCommands = (projectId: string): readonly Command[] => [
  { type: 'unlockVault', projectId, passphrase },
  { type: 'unlockVault', projectId, passphrase, create: true, remember: true },
  { type: 'lockVault', projectId, endHolders: true, force: true },
  { type: 'saveVault', projectId, confirm: true },
  { type: 'changeVaultPassphrase', projectId, passphrase, newPassphrase: `${passphrase} 2` },
  { type: 'forgetVaultPassphrase', projectId },
  { type: 'inspectVault', projectId },
];

test('every vault command says that there is no vault yet, makes nothing and repeats no passphrase', async () => {
  const folder = await fixture.folder('none', baseConfig);
  const projectId = await fixture.trusted(folder);
  for (const command of toVaultCommands(projectId)) {
    const outcome = await fixture.run(command);
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'vault-unavailable' } });
    expect(JSON.stringify([outcome, fixture.engine.snapshot(), fixture.logLines])).not.toContain(passphrase);
  }
  await expect(access(path.join(folder, '.tazpod', 'vault'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a vault file that is there stays as it is', async () => {
  const folder = await fixture.folder('kept', baseConfig);
  const vault = path.join(folder, '.tazpod', 'vault');
  await mkdir(vault);
  const file = path.join(vault, 'vault.tar.aes');
  await writeFile(file, 'as it was');
  const projectId = await fixture.trusted(folder);
  for (const command of toVaultCommands(projectId)) await fixture.run(command);
  expect(await readdir(vault)).toEqual(['vault.tar.aes']);
  expect(await readFile(file, 'utf8')).toBe('as it was');
});

test('an unknown project is named as such', async () => {
  for (const command of toVaultCommands('0123456789abcdef')) {
    expect(await fixture.run(command)).toMatchObject({ failure: { code: 'project-unknown' } });
  }
});
