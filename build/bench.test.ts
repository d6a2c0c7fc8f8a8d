import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

it('begins without asking for Electron, which its package would fetch or fail on: only suites of the desktop need it', () => {
  // None is chosen, and there is none to fetch.
  const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: '', ELECTRON_MIRROR: 'http://127.0.0.1:9/' };
  const program = path.join(import.meta.dirname, '..', 'e2e', 'bench', 'main.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'nothing'], { env, encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(stderr).toContain('unknown suite: nothing');
  expect(status).toBe(2);
});
