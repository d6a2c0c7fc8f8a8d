import { defineConfig } from 'vitest/config';

const engineTests = ['main/**/*.engine.test.ts', 'e2e/cli/**/*.test.ts'];
/** Need a display, a session bus and Chromium. */
const desktopTests = ['build/standin/**/*.desktop.test.ts', 'e2e/app/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{preload,main,build,renderer}/**/*.test.{ts,tsx}', 'e2e/faults/**/*.test.ts'],
          exclude: [...engineTests, ...desktopTests, '**/node_modules/**'],
          // Only ends what hangs: thousands of generated cases take seconds where others use the cores too.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'engine',
          include: engineTests,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // One engine and two cores: more files at once would only wait for each other.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'desktop',
          include: desktopTests,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Focus belongs to one window at a time.
          maxWorkers: 1,
        },
      },
    ],
  },
});
