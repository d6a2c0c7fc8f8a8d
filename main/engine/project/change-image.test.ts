import * as fc from 'fast-check';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { changeImage, toTextWithImage } from './change-image.ts';

test.each([
  ['image: old/one:1 # why this one\nports: [3000]\n', 'image: new/two:2 # why this one\nports: [3000]\n'],
  ['# head\n\nimage:   "old/one:1"\r\nuser: me', '# head\n\nimage:   "new/two:2"\r\nuser: me'],
  ["{ image: 'old/one:1', user: me }", '{ image: "new/two:2", user: me }'],
  ['env: { image: old/one:1 }\nimage: old/one:1\n', 'env: { image: old/one:1 }\nimage: new/two:2\n'],
  ['image: >-\n  old/one:1\nuser: me\n', null],
])('%j keeps all but the image', (text, expected) => {
  const changed = toTextWithImage(text, 'new/two:2');
  if (expected === null) expect(changed === null || changed.includes('user: me')).toBe(true);
  else expect(changed).toBe(expected);
});

test('an image that others name by an anchor is not changed behind their back', () => {
  expect(toTextWithImage('image: &one a/b\nenv: { X: *one }\n', 'c/d')).toBeNull();
  expect(toTextWithImage('user: me\n', 'c/d')).toBeNull();
  expect(toTextWithImage('image: a/b\n', 'no image\nsetup: evil')).toBeNull();
});

test('no text given as an image becomes anything else', () => {
  fc.assert(
    fc.property(
      fc
        .array(fc.constantFrom(...Array.from('ab1/:@"\'\n\r\t #{}[],&*!|>%-?\\')), { maxLength: 20 })
        .map((parts) => parts.join('')),
      (image) => {
        const changed = toTextWithImage('# c\nimage: a/b # d\nuser: me\n', image);
        if (changed !== null) expect(changed.replace(/image: .* # d/u, '')).toBe('# c\n\nuser: me\n');
      },
    ),
  );
});

async function folderWith(config: string): Promise<{ folder: string; file: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tazpod-change-'));
  onTestFinished(async () => rm(folder, { recursive: true }));
  await mkdir(path.join(folder, '.tazpod'));
  const file = path.join(folder, '.tazpod', 'config.yaml');
  await writeFile(file, config);
  return { folder, file };
}

test('the file keeps its mode, and nothing is left beside it', async () => {
  const { folder, file } = await folderWith('image: a/b # mine\n');
  await chmod(file, 0o640);
  await changeImage(folder, 'c/d:1');
  expect(await readFile(file, 'utf8')).toBe('image: c/d:1 # mine\n');
  expect((await stat(file)).mode & 0o777).toBe(0o640);
  expect(await readdir(path.join(folder, '.tazpod'))).toEqual(['config.yaml']);
});

test('what somebody else writes meanwhile stays, and nothing is left beside it', async () => {
  const { folder, file } = await folderWith('image: a/b # mine\n');
  const other = 'image: a/b # theirs\n';
  const changing = changeImage(folder, 'c/d:1', async () => writeFile(file, other));
  await expect(changing).rejects.toMatchObject({ failure: { code: 'config-not-changed' } });
  expect(await readFile(file, 'utf8')).toBe(other);
  expect(await readdir(path.join(folder, '.tazpod'))).toEqual(['config.yaml']);
});

test('a config that is a symlink, or that can’t be changed, stays as it is', async () => {
  const { folder, file } = await folderWith('image: &x a/b\nenv: { X: *x }\n');
  await expect(changeImage(folder, 'c/d')).rejects.toMatchObject({ failure: { code: 'config-not-changed' } });
  await rm(file);
  const target = path.join(folder, 'elsewhere');
  await writeFile(target, 'image: a/b\n');
  await symlink(target, file);
  await expect(changeImage(folder, 'c/d')).rejects.toMatchObject({ failure: { code: 'config-symlink' } });
  expect(await readFile(target, 'utf8')).toBe('image: a/b\n');
  expect(await readdir(path.join(folder, '.tazpod'))).toEqual(['config.yaml']);
});
