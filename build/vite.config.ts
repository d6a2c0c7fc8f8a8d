import { builtinModules } from 'node:module';
import { defineConfig, type Plugin } from 'vite';
import packageJson from '../package.json' with { type: 'json' };

const external = [
  ...builtinModules,
  ...builtinModules.map((name) => `node:${name}`),
  // Loaded at run time: the runtime's own, and native code. All else is bundled, so that command line and agent start fast.
  'electron',
  'node-pty',
];

const leftOutNames = /^(?:ssh2|protobufjs|@grpc\/(?:grpc-js|proto-loader)|ajv(?:-formats|\/.*)?|semver)$/u;

/**
 * What dockerode loads for engines over ssh and for BuildKit, more than all the rest: the app refuses the first
 * (`engine-remote`) and does not use the second; and what electron-store loads for schemas and migrations, half of what the
 * desktop reads at its start: settings are checked by our own schema. Whoever comes to call it is told so.
 */
const leftOut: Plugin = {
  name: 'left-out',
  enforce: 'pre',
  resolveId: (id) => (leftOutNames.test(id) ? `\0left-out:${id}` : null),
  load: (id) => {
    const [, name] = /^\0left-out:(.*)$/u.exec(id) ?? [];
    if (name === undefined) return null;
    const refuse = `() => function () { throw new Error('${name} is left out of the build: build/vite.config.ts'); }`;
    return `module.exports = new Proxy({}, { get: ${refuse} });`;
  },
};

/** Builds every Node-side entry into `out/main`. */
export default defineConfig({
  plugins: [leftOut],
  define: { __TAZPOD_VERSION__: JSON.stringify(packageJson.version) },
  build: {
    target: 'node24',
    outDir: 'out/main',
    emptyOutDir: true,
    minify: false,
    sourcemap: true,
    // Of all that is bundled; packages carry it along.
    license: { fileName: 'licences.md' },
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
