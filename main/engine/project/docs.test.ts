import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parseConfig } from './parse-config.ts';

test('the examples of docs/config.md are valid, without warnings', async () => {
  const text = await readFile(new URL('../../../docs/config.md', import.meta.url), 'utf8');
  const examples = Array.from(text.matchAll(/^```yaml\n(.*?)^```$/gms), (match) => match[1] ?? '');
  expect(examples.length).toBeGreaterThan(1);
  for (const example of examples) expect(parseConfig(example, 'config.yaml')).toMatchObject({ ok: true, warnings: [] });
});
