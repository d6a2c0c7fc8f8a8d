import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { baseImage } from '../../main/engine/docker/base-image.ts';
import { expectAccessible } from '../fixtures/axe.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { keepEvidence, launchApp, type TazpodApp } from './tazpod-app.ts';

const repo = `tazpod-test/picked-${process.pid}`;
const tag = `${repo}:latest`;

let desktop: TestDesktop;
let profile: CliProfile;
let app: TazpodApp;
beforeAll(async () => {
  desktop = await startDesktop();
  profile = await openCliProfile();
  await profile.client.getImage(baseImage).tag({ repo, tag: 'latest' });
  app = await launchApp(desktop, profile);
});
afterEach(async (context) => {
  if (context.task.result?.state === 'fail') await keepEvidence(app, context.task.name);
});
afterAll(async () => {
  await app.close();
  await profile.close();
  await profile.client.getImage(tag).remove();
  await desktop.close();
});

const tab = async (name: string): Promise<void> => app.page.getByRole('tab', { name, exact: true }).click();

test('another image is picked, asked about, written with all comments kept, and needs trust again', async () => {
  const folder = await profile.folder('picks');
  const file = path.join(folder, '.tazpod', 'config.yaml');
  await mkdir(path.dirname(file));
  await writeFile(file, `# mine\nimage: ${baseImage} # for now\n`);
  await app.drop(folder);
  await app.row('picks').click();
  await tab('Config');
  await app.button('Change image…').click();
  await app.page.getByRole('heading', { name: 'Choose another image' }).waitFor();
  for (const name of ['base', 'aws', 'k8s', 'ai']) {
    await app.page.getByRole('radio', { name: `tazzo/tazpod-${name}:latest` }).waitFor({ state: 'attached' });
  }
  await expectAccessible(app.page, '[role=tabpanel]');
  await app.page.getByText(tag, { exact: true }).click();
  await app.button('Use this image').click();
  await app.page.getByRole('heading', { name: 'Write this into the config?' }).waitFor();
  await expectAccessible(app.page, '[role=tabpanel]');
  expect(await readFile(file, 'utf8')).toContain(baseImage);
  await app.button('Write config').click();
  await app.page.getByRole('heading', { name: 'What the container gets' }).waitFor();
  expect(await readFile(file, 'utf8')).toBe(`# mine\nimage: ${tag} # for now\n`);
  await app.button('Review and trust').waitFor();
});

test('a tag that moves on is told in window and command line, and Rebuild is the way', async () => {
  const folder = path.join(profile.root, 'projects', 'picks');
  expect(await profile.run(['up', '--trust', folder])).toMatchObject({ code: 0 });
  const { client } = profile;
  const container = await client.createContainer({ Image: baseImage, Cmd: ['true'] });
  await container.commit({ repo, tag: 'latest', comment: 'another one' });
  await container.remove();
  await app.page.getByText(`${tag} names another image than the container was made from.`).waitFor();
  expect((await profile.run(['status', folder])).stdout).toContain('"tazpod rebuild" uses it');
  expect(await profile.status(folder)).toMatchObject({ imageChange: { image: tag } });
  await app.page.getByRole('button', { name: 'Rebuild', exact: true }).click();
  await app.page.getByText('names another image').waitFor({ state: 'detached' });
  await app.page
    .getByText(/^Running/u)
    .first()
    .waitFor();
  expect(await profile.status(folder)).toMatchObject({ imageChange: null, container: { status: 'running' } });
});
