import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listSources, stampOf } from './stamp.mjs';

describe('the stamp of the sources', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tazpod-stamp-test-'));
    mkdirSync(join(root, 'main', 'deep'), { recursive: true });
    writeFileSync(join(root, 'main', 'one.ts'), '1');
    writeFileSync(join(root, 'main', 'deep', 'two.ts'), '2');
    writeFileSync(join(root, 'package.json'), '{}');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const stamp = () => stampOf(listSources(root, ['main', 'package.json', 'not-there']));

  it('lists files below folders, and files themselves', () => {
    const paths = listSources(root, ['main', 'package.json', 'not-there']).map(({ path }) => path);
    expect(paths.toSorted()).toEqual(['main/deep/two.ts', 'main/one.ts', 'package.json']);
  });

  it('stays while nothing changes, whatever the order', () => {
    const sources = listSources(root, ['main', 'package.json']);
    expect(stampOf(sources.toReversed())).toBe(stampOf(sources));
  });

  it.each<[string, () => void]>([
    ['a file is added', () => writeFileSync(join(root, 'main', 'three.ts'), '')],
    ['a file is removed', () => rmSync(join(root, 'main', 'one.ts'))],
    ['a file is renamed', () => renameSync(join(root, 'main', 'one.ts'), join(root, 'main', 'uno.ts'))],
    ['a file grows', () => writeFileSync(join(root, 'main', 'deep', 'two.ts'), '22')],
    ['a file is written again', () => utimesSync(join(root, 'main', 'one.ts'), 1, 1)],
    ['package.json changes', () => writeFileSync(join(root, 'package.json'), '{"a":1}')],
  ])('changes when %s', (_name, change) => {
    const before = stamp();
    change();
    expect(stamp()).not.toBe(before);
  });

  it('does not change for tests, notes and hidden files, which are not built', () => {
    const before = stamp();
    for (const name of ['one.test.ts', 'README.md', '.swp']) writeFileSync(join(root, 'main', name), 'x');
    expect(stamp()).toBe(before);
  });
});
