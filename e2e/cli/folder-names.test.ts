import { chmod, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { expectCode } from '../fixtures/expect-end.ts';

const names = [
  ['spaces', '  two  spaces '],
  ['commas', 'a,readonly,source=b'],
  ['colons', 'a:b:ro'],
  ['quotes', `it's "so" \`called\``],
  ['a command substitution', '$(touch pwned) ${HOME}'],
  ['a newline and a tab', 'one\ntwo\tthree'],
  ['200 characters', 'x'.repeat(200)],
  ['Unicode', 'Zażółć 日本語 e\u0301'],
  ['emoji', '👩‍💻🚀'],
  ['a leading dash', '--json'],
  ['a trailing dot', 'ends.'],
  ['a backslash and globs', String.raw`a\b*[c]?`],
  ['nothing that a container name may hold', '。、'],
  ['an escape sequence', '\u001b[31mred\u0007'],
] as const;

let profile: CliProfile;
beforeAll(async () => {
  profile = await openCliProfile();
});
afterAll(async () => profile.close());

test.each(names)('a folder with %s in its name', async (_what, name) => {
  const folder = await profile.folder(name);
  // The image's user is another one than the folder's.
  await chmod(folder, 0o777);
  const siblings = await readdir(path.dirname(folder));
  const up = await profile.up(folder);
  // A name never reaches the terminal as it is.
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(up.stdout + up.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/u);

  const project = await profile.status(folder);
  expect(project).toMatchObject({ folder, name, container: { status: 'running' } });
  const write = 'printf %s "$HOST_CWD" > made-inside';
  const inside = await profile.run(['enter', './.', '--', 'sh', '-c', write], { cwd: folder });
  expectCode(inside, 0);
  expect(await readFile(path.join(folder, 'made-inside'), 'utf8')).toBe(folder);
  expect(await readdir(path.dirname(folder))).toEqual(siblings);

  const screen = await profile.run(['status', '--', folder]);
  expectCode(screen, 0);
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(screen.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/u);
  expectCode(await profile.run(['down', '--', folder]), 0);
  expect(await profile.containers()).toEqual([]);
});
