import { defineConfig } from 'vite';

/** Builds the preload script: one CommonJS file, the only form that a sandboxed window loads. */
export default defineConfig({
  build: {
    target: 'chrome140',
    outDir: 'out/preload',
    emptyOutDir: true,
    minify: false,
    sourcemap: false,
    lib: { entry: 'preload/index.ts', formats: ['cjs'], fileName: () => 'index.cjs' },
    rollupOptions: { external: ['electron'] },
  },
});
