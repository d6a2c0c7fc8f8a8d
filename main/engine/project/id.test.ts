import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isContainerName, toContainerName, toProjectId, withProjectSuffix } from './id.ts';

test('a project id is the start of the SHA-256 of the path', () => {
  const folder = '/home/ada/Übung, "one"';
  expect(toProjectId(folder)).toBe(createHash('sha256').update(Buffer.from(folder)).digest('hex').slice(0, 16));
  expect(toProjectId(folder)).toMatch(/^[0-9a-f]{16}$/);
  expect(toProjectId('/a')).not.toBe(toProjectId('/a/'));
});

describe('the default container name', () => {
  test.each([
    ['My Project!', 'My-Project-lab'],
    ['shop', 'shop-lab'],
    ['my_app.v2', 'my_app.v2-lab'],
    ['Über Größe', 'Uber-Grosse-lab'],
    ['smørrebrød', 'smorrebrod-lab'],
    ['项目', 'project-lab'],
    ['', 'project-lab'],
    ['...', 'project-lab'],
    ['-rf', 'rf-lab'],
    ['$(id)', 'id-lab'],
    ['a,b:c"d', 'a-b-c-d-lab'],
    ['line\nbreak', 'line-break-lab'],
    ['x'.repeat(200), `${'x'.repeat(59)}-lab`],
  ])('%j becomes %j', (folderName, name) => {
    expect(toContainerName(folderName)).toBe(name);
  });

  test('is valid for any folder name, with and without a suffix', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (folderName) => {
        const name = toContainerName(folderName);
        expect(isContainerName(name)).toBe(true);
        expect(isContainerName(withProjectSuffix(name, 'ab12cd34ef56ab78'))).toBe(true);
      }),
    );
  });
});

test('a suffix keeps the name within 63 characters', () => {
  expect(withProjectSuffix('shop-lab', 'ab12cd34ef56ab78')).toBe('shop-lab-ab12');
  expect(withProjectSuffix('x'.repeat(63), 'ab12cd34ef56ab78')).toBe(`${'x'.repeat(58)}-ab12`);
});

test.each(['a', '-ab', '_ab', 'a b', 'ab\n', 'é1', 'x'.repeat(64), ''])('%j is no container name', (name) => {
  expect(isContainerName(name)).toBe(false);
});
