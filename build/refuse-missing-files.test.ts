import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tazpod-build-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Builds a page of these files as the windows' page is built. */
async function buildPage(files: Readonly<Record<string, string>>): Promise<unknown> {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return build({
    configFile: path.join(import.meta.dirname, 'vite.renderer.config.ts'),
    root: folder,
    logLevel: 'silent',
    build: { write: false, rollupOptions: { input: path.join(folder, 'page.ts') } },
  });
}

const font = (url: string): string => `@font-face { font-family: 'Some'; src: url('${url}'); }`;

it('fails where a style sheet names a package that is not there', async () => {
  const files = { 'page.ts': `import './page.css';`, 'page.css': font('@not-there/font/font.woff2') };
  await expect(buildPage(files)).rejects.toThrow('@not-there/font/font.woff2');
});

it('fails where a module names a file that is not there', async () => {
  const files = { 'page.ts': `console.log(new URL('./not-there.png', import.meta.url));` };
  await expect(buildPage(files)).rejects.toThrow('./not-there.png');
});

it('builds where all is there', async () => {
  const files = { 'page.ts': `import './page.css';`, 'page.css': font('./font.woff2'), 'font.woff2': 'font' };
  await expect(buildPage(files)).resolves.toBeDefined();
});
