import react from '@vitejs/plugin-react';
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { refuseMissingFiles } from './refuse-missing-files.ts';

const root = path.resolve(import.meta.dirname, '..');
const fontLicence = path.join(root, 'node_modules/@fontsource-variable/jetbrains-mono/LICENSE');

/** The bundled font's licence goes wherever the font goes. */
const licences: Plugin = {
  name: 'licences',
  apply: 'build',
  writeBundle: async ({ dir }) => {
    if (dir === undefined) return;
    const folder = path.join(dir, 'licences');
    await mkdir(folder, { recursive: true });
    await copyFile(fontLicence, path.join(folder, 'jetbrains-mono.txt'));
  },
};

/** Builds the windows' one page into `out/renderer`; with `--mode testing` also the page with a fake of the app. */
export default defineConfig(({ mode }) => ({
  root: path.join(root, 'renderer'),
  // The page lives under a scheme of our own, at no fixed path.
  base: './',
  publicDir: false,
  plugins: [react(), licences, refuseMissingFiles()],
  build: {
    target: 'chrome140',
    outDir: mode === 'testing' ? path.join(root, 'out/renderer-testing') : path.join(root, 'out/renderer'),
    emptyOutDir: true,
    sourcemap: true,
    license: { fileName: 'licences/packages.md' },
    // A data: URL would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2_000,
    reportCompressedSize: false,
    rollupOptions: {
      input:
        mode === 'testing' ? path.join(root, 'renderer/testing/fake.html') : path.join(root, 'renderer/index.html'),
    },
  },
}));
