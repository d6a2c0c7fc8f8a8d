import inspector from 'node:inspector';
import { createRequire, registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { findApp } from './app/find-app.ts';
import { identity } from './app/identity.ts';
import { startRuntime } from './app/start.ts';
import { dialog } from './desktop/dialog.ts';
import { parseArguments } from './runtime/arguments.ts';
import { distFolder, electronVersion } from './runtime/version.ts';

/**
 * Entry of the stand-in: makes this Node process look like Electron's main process and runs the app in it. The script
 * `electron` starts it; ELECTRON_STANDIN_EXEC is that script's path.
 */
const executable = process.env['ELECTRON_STANDIN_EXEC'] ?? path.join(distFolder, 'electron');
delete process.env['ELECTRON_STANDIN_EXEC'];
const words = process.argv.slice(2);
const options = parseArguments(words);

if (options.printVersion) {
  process.stdout.write(`v${electronVersion}\n`);
  process.exit(0);
}

process.argv.splice(0, process.argv.length, executable, ...words);
process.execPath = executable;
Object.assign(process, { resourcesPath: path.join(path.dirname(executable), 'resources') });
const constant = (object: object, name: string, value: unknown): void => {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true });
};
constant(process, 'type', 'browser');
constant(process.versions, 'electron', electronVersion);
constant(process.versions, 'chrome', '');

const module = pathToFileURL(path.join(distFolder, 'electron-module.ts')).href;
registerHooks({
  resolve: (specifier, context, next) => {
    if (specifier === 'electron' || specifier === 'electron/main') {
      return { url: module, format: 'module-typescript', shortCircuit: true };
    }
    // Electron's name for a file system that does not look into archives; Node's never does.
    return next(specifier === 'original-fs' ? 'node:fs' : specifier, context);
  },
});

if (options.inspectPort !== undefined) inspector.open(options.inspectPort, '127.0.0.1', options.inspectWaits);

const found = findApp(options.app, executable);
Object.assign(identity, found.identity);
if (!found.identity.isPackaged) constant(process, 'defaultApp', true);
// As Electron does: an error that nobody caught is shown, and the app goes on.
process.on('uncaughtException', (error: unknown) => {
  if (process.listenerCount('uncaughtException') > 1) return;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  dialog.showErrorBox('A JavaScript error occurred in the main process', `Uncaught Exception:\n${text}`);
});

const { markCodeLoaded } = startRuntime(options);
const require = createRequire(import.meta.url);
for (const preload of options.preloads) require(path.resolve(preload));
import(pathToFileURL(found.main).href).then(markCodeLoaded, (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
