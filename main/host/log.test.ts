import { readFile, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createHostLog, logSize, readLogTail } from './log.ts';
import { makeTestPlace } from './test-place.ts';

describe('host log', () => {
  it('writes one private, dated line per entry, whatever is in it', async () => {
    const { stateFolder } = await makeTestPlace();
    const log = createHostLog({ stateFolder, nowMs: () => 0 });
    log.write('first');
    log.write('two\nlines \u001b[31mred');
    expect(await readFile(log.file, 'utf8')).toBe(
      '1970-01-01T00:00:00.000Z first\n1970-01-01T00:00:00.000Z two\\nlines \\x1b[31mred\n',
    );
    expect((await stat(log.file)).mode & 0o777).toBe(0o600);
  });

  it('rotates and keeps two', async () => {
    const { stateFolder } = await makeTestPlace();
    const log = createHostLog({ stateFolder, nowMs: () => 0, maxBytes: 100 });
    for (let line = 0; line < 20; line += 1) log.write(`line ${line}`);
    expect((await readFile(log.file, 'utf8')).includes('line 19')).toBe(true);
    expect((await readFile(`${log.file}.1`, 'utf8')).length).toBeGreaterThanOrEqual(100);
    expect(existsSync(`${log.file}.2`)).toBe(true);
    expect(existsSync(`${log.file}.3`)).toBe(false);
  });

  it('never throws', () => {
    expect(() => createHostLog({ stateFolder: '/nowhere/at/all', nowMs: () => 0 }).write('x')).not.toThrow();
    expect(readLogTail('/nowhere/at/all', 0)).toBe('');
  });

  it('tells what was added since', async () => {
    const { stateFolder } = await makeTestPlace();
    const { file } = createHostLog({ stateFolder, nowMs: () => 0 });
    await writeFile(file, 'before\n');
    const size = logSize(file);
    await writeFile(file, 'before\nafter\n');
    expect(readLogTail(file, size)).toBe('after');
    expect(readLogTail(file, 9999)).toBe('before\nafter');
    await writeFile(file, 'x'.repeat(10_000));
    expect(readLogTail(file, 0)).toHaveLength(4096);
  });
});
