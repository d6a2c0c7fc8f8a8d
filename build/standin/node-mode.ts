import { existsSync, statSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { unpackArchive } from './app/unpack-archive.ts';
import { distFolder, electronVersion } from './runtime/version.ts';

/**
 * ELECTRON_RUN_AS_NODE: Electron's binary as a plain Node, whose execPath is that binary, which tells its version, and which
 * runs scripts out of an archive. Loaded before the script.
 */
const executable = process.env['ELECTRON_STANDIN_EXEC'] ?? path.join(distFolder, 'electron');
delete process.env['ELECTRON_STANDIN_EXEC'];
process.execPath = executable;
process.argv[0] = executable;
process.execArgv = [];
Object.defineProperty(process.versions, 'electron', { value: electronVersion, enumerable: true, configurable: true });

// Electron's name for a file system that does not look into archives; Node's never does.
registerHooks({
  resolve: (specifier, context, next) => next(specifier === 'original-fs' ? 'node:fs' : specifier, context),
});

const script = path.resolve(process.argv[1] ?? '');
const [, archive, inside] = /^(.*?\.asar)[\\/](.*)$/.exec(script) ?? [];
if (archive !== undefined && inside !== undefined && existsSync(archive) && statSync(archive).isFile()) {
  const unpacked = path.join(unpackArchive(archive), inside);
  process.argv[1] = unpacked;
  // Node has the script's path from before.
  const original = pathToFileURL(script).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier === original ? pathToFileURL(unpacked).href : specifier, context),
  });
}
