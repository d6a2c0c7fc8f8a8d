import { defineConfig } from 'vitest/config';

const engineTests = ['main/**/*.engine.test.ts', 'e2e/cli/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{preload,main,build}/**/*.test.ts'],
          exclude: [...engineTests, '**/node_modules/**'],
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
    ],
  },
});
