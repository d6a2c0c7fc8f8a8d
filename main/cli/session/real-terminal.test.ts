import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const fixture = fileURLToPath(new URL('../fake/terminal-fixture.ts', import.meta.url));
// util-linux's; the BSD one takes other arguments.
const hasScript = spawnSync('script', ['--version']).status === 0;

/** Runs the fixture on a terminal of its own, between two looks at that terminal's settings. */
function onTerminal(how: string): { readonly before: string; readonly after: string; readonly output: string } {
  const words = `stty -g; '${process.execPath}' '${fixture}' ${how}; echo code=$?; stty -g`;
  const { stdout } = spawnSync('script', ['-qec', words, '/dev/null'], { encoding: 'utf8', timeout: 20_000 });
  const settings = stdout.match(/^(?:[0-9a-f]+:)+[0-9a-f]+/gmu) ?? [];
  return { before: settings[0] ?? 'none', after: settings.at(-1) ?? 'none at all', output: stdout };
}

test.runIf(hasScript).each([
  ['exit', 'code=5'],
  ['stopped', 'code=1'],
  ['signal', 'code=143'],
  ['fault', 'code=1'],
])('a real terminal is as before after %s', (how, code) => {
  const { before, after, output } = onTerminal(how);
  expect(output).toContain('raw=true');
  expect(output).toContain(code);
  expect(output).toContain('\u001b[?25h');
  expect(after).toBe(before);
});
