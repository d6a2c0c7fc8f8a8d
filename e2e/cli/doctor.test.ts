import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { baseImage } from '../../main/engine/docker/base-image.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';

const secrets = { environment: 'planted-in-environment', config: 'planted in config', log: 'planted-in-log' };

let profile: CliProfile;
beforeAll(async () => {
  profile = await openCliProfile({ environment: { REGISTRY_PASSWORD: secrets.environment } });
});
afterAll(async () => profile.close());

test('doctor --bundle writes rows, config and log without the planted secrets, and never over a file', async () => {
  const folder = await profile.folder('acme');
  await mkdir(path.join(folder, '.tazpod'));
  const config = `image: ${baseImage}\nenv: { PIN: ${JSON.stringify(secrets.config)} }\n`;
  await writeFile(path.join(folder, '.tazpod', 'config.yaml'), config);
  expect(await profile.run(['init', folder])).toMatchObject({ code: 1 });
  await profile.run(['trust', '--yes', folder]);
  await profile.run(['up', '--trust', folder]);
  const log = path.join(profile.stateFolder, 'host.log');
  await appendFile(log, `Authorization: Bearer ${secrets.log}, env was ${secrets.config}, ${secrets.environment}\n`);

  const end = await profile.run(['doctor', '--bundle', 'bundle.json', folder], { cwd: profile.root });
  expect(end.code).toBe(0);
  expect(end.stdout).toContain('Container runtime');
  expect(end.stderr).toContain(`Wrote ${path.join(profile.root, 'bundle.json')}`);
  const text = await readFile(path.join(profile.root, 'bundle.json'), 'utf8');
  for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
  const value = JSON.parse(text) as { rows: { id: string }[]; config: string; log: string[] };
  expect(value.rows.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['host', 'host-environment', 'engine', 'git', 'ssh', 'ports', 'tls']),
  );
  expect(value.config).toContain('PIN: (left out)');
  expect(value.log.some((line) => line.includes('start acme: done'))).toBe(true);

  const again = await profile.run(['doctor', '--bundle', 'bundle.json', folder], { cwd: profile.root });
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toContain('exists already');
});
