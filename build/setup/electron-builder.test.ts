import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tazpod-builder-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** In a process with exit code 7 that asks for the least of all packages. */
async function askFor(config: object): Promise<{ code: number; output: string }> {
  const options = { dir: true, publish: 'never', projectDir: folder, config };
  const script = `
    import { runElectronBuilder } from ${JSON.stringify(path.join(import.meta.dirname, 'electron-builder.mjs'))};
    process.exitCode = 7;
    await runElectronBuilder(${JSON.stringify(options)}).catch((error) => console.log(error.message));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

test('packs, and leaves the exit code of whoever asks as it is', { timeout: 60_000 }, async () => {
  const files = {
    'package.json': '{"name":"tiny","version":"1.0.0","main":"main.js"}',
    'main.js': '0;',
    'dist/electron': '',
  };
  mkdirSync(path.join(folder, 'dist'));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const asked = await askFor({
    npmRebuild: false,
    electronVersion: '1.0.0',
    electronDist: path.join(folder, 'dist'),
    directories: { output: path.join(folder, 'packed') },
    files: ['main.js'],
    linux: { target: 'dir' },
  });
  expect(asked).toEqual({ code: 7, output: '' });
  expect(existsSync(path.join(folder, 'packed'))).toBe(true);
});

test('what electron-builder refuses is said in its words', { timeout: 60_000 }, async () => {
  writeFileSync(path.join(folder, 'package.json'), '{"name":"tiny","version":"1.0.0"}');
  const asked = await askFor({ nonsense: true });
  expect(asked.output).toContain("unknown property 'nonsense'");
  expect(asked.code).toBe(7);
});
