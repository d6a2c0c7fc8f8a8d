import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openPage } from './open-page.ts';

const page = 'https://device.example/?user_code=ABCD-EFGH&x=$(id)';

describe.skipIf(process.platform === 'win32' || process.platform === 'darwin')('a page in the browser (Linux)', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tazpod-open-'));
    vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  const opener = async (script: string): Promise<void> => {
    const file = path.join(folder, 'xdg-open');
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
  };

  test('is given to the opener as it is, by way of no shell', async () => {
    await opener(`printf '%s|' "$@" > '${folder}/opened'`);
    expect(await openPage(page)).toBe(true);
    expect(await readFile(path.join(folder, 'opened'), 'utf8')).toBe(`${page}|`);
  });

  test('counts as opened where the opener stays as long as the browser does', async () => {
    await opener('exec sleep 5');
    expect(await openPage(page)).toBe(true);
  });

  test('is told as not opened where the opener fails or is not there', async () => {
    await opener('exit 3');
    expect(await openPage(page)).toBe(false);
    vi.stubEnv('PATH', path.join(folder, 'nowhere'));
    expect(await openPage(page)).toBe(false);
  });

  test.each(['http://device.example/', 'file:///etc/passwd', '--help', ''])('is never %j', async (other) => {
    await opener(`touch '${folder}/opened'`);
    expect(await openPage(other)).toBe(false);
    await expect(readFile(path.join(folder, 'opened'))).rejects.toThrow();
  });
});
