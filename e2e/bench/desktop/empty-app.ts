import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { _electron, type ElectronApplication } from 'playwright';
import type { TestDesktop } from '../../fixtures/desktop.ts';
import type { Bench } from '../world/bench.ts';

/** The least app there is: one window of the same size and safety, with one word. */
const mainScript = `const { app, BrowserWindow } = require('electron');
const path = require('node:path');
app.setPath('userData', path.join(__dirname, 'data'));
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1100, height: 720, webPreferences: { sandbox: true } });
  return window.loadFile(path.join(__dirname, 'index.html'));
});
`;

/** Starts an empty window of the same runtime. */
export async function openEmptyApp(bench: Bench, desktop: TestDesktop): Promise<ElectronApplication> {
  const folder = path.join(bench.root, 'empty-app');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{ "name": "empty", "version": "1.0.0", "main": "main.cjs" }');
  await writeFile(path.join(folder, 'main.cjs'), mainScript);
  await writeFile(path.join(folder, 'index.html'), '<!doctype html><title>empty</title><p>ready</p>');
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const electron = await _electron.launch({
    args: [folder],
    env: { ...(Object.fromEntries(inherited) as Record<string, string>), ...desktop.environment },
  });
  await (await electron.firstWindow()).getByText('ready').waitFor();
  return electron;
}
