import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from './lock.mjs';

describe('withLock', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tazpod-lock-test-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('lets one at a time in, and leaves nothing behind', async () => {
    const path = join(folder, 'deep', 'lock');
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(() => withLock(path, 'test', work)));
    expect(most).toBe(1);
    expect(readdirSync(join(folder, 'deep'))).toEqual([]);
  });

  it('is free again after a failure', async () => {
    const path = join(folder, 'lock');
    await expect(withLock(path, 'test', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    ['a dead process', '4194304 77'],
    ['a process whose pid was used again', `${process.pid} 1`],
    ['nonsense', ''],
  ])('is taken over from %s', async (_name, text) => {
    const path = join(folder, 'lock');
    writeFileSync(path, text);
    expect(await withLock(path, 'test', () => Promise.resolve('done'))).toBe('done');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('gives up on a holder that lives on, naming it', async () => {
    const path = join(folder, 'lock');
    writeFileSync(path, `${process.ppid} -`);
    const attempt = withLock(path, 'test', () => Promise.resolve(), { timeoutMs: 0 });
    await expect(attempt).rejects.toThrow(String(process.ppid));
  });
});
