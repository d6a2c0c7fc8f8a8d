import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';
import packageJson from '../package.json' with { type: 'json' };

const external = [
  ...builtinModules,
  ...builtinModules.map((name) => `node:${name}`),
  // Loaded from node_modules at run time: native or large. The small pure ones are bundled, so that the CLI starts fast.
  'dockerode',
  'electron',
  'electron-store',
  'node-pty',
];

/** Builds every Node-side entry into `out/main`. */
export default defineConfig({
  define: { __TAZPOD_VERSION__: JSON.stringify(packageJson.version) },
  build: {
    target: 'node24',
    outDir: 'out/main',
    emptyOutDir: true,
    minify: false,
    sourcemap: true,
    ssr: true,
    rollupOptions: {
      input: {
        cli: 'main/cli.ts',
        agent: 'main/agent.ts',
        index: 'main/index.ts',
        'locate-engine': 'main/locate-engine.ts',
      },
      external,
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
  ssr: { noExternal: true, external },
});
