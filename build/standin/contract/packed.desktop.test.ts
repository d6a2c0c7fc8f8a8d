import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as asar from '@electron/asar';
import { afterEach, expect, test } from 'vitest';
import { runtime } from '../testing/launch.ts';
import { contractTests } from './fixture.ts';

const { createPackageWithOptions } = createRequire(import.meta.url)('@electron/asar') as typeof asar;

/** electron-builder copies the dist folder, renames its binary and puts the app beside it; all of that is tried on the stand-in only. */
if (runtime.kind === 'electron') test.skip('a packed app (skipped: this is Electron)', () => undefined);
else {
  contractTests('a packed app', (fixture) => {
    let folder = '';
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    test('runs out of its archive, and finds what lies beside it', async () => {
      // Inside the project, as `npm run pack` does it: Node and the D-Bus library are found in node_modules.
      folder = mkdtempSync(path.join(path.resolve('out'), '.packed-'));
      const source = path.join(folder, 'source');
      const dist = path.join(folder, 'dist');
      cpSync(runtime.distPath, dist, { recursive: true });
      cpSync(path.join(runtime.distPath, 'electron'), path.join(dist, 'my-app'));
      writeApp(source);
      await createPackageWithOptions(source, path.join(dist, 'resources', 'app.asar'), { unpack: '*.txt' });
      const child = spawn(path.join(dist, 'my-app'), ['--hidden'], {
        env: fixture.desktop.env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let printed = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
      expect((await once(child, 'close'))[0]).toBe(0);
      expect(JSON.parse(printed)).toEqual({
        packaged: true,
        name: 'Packed app',
        inArchive: true,
        beside: 'beside',
        argv: ['my-app', '--hidden'],
      });
    });
  });
}

function writeApp(folder: string): void {
  cpSync(path.join(import.meta.dirname, 'packed-app'), folder, { recursive: true });
  writeFileSync(path.join(folder, 'beside.txt'), 'beside');
}
