import { ensureBuilt, mainPart, windowParts } from './setup/application.mjs';
import { makeDeb } from './setup/deb.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { ensureElectron } from './setup/electron.mjs';
import { ensurePacked } from './setup/package.mjs';
import { SetupError, runMain, say } from './setup/say.mjs';

/** `npm run pack`: the app, unpacked, for the machine at hand. `npm run pack -- --deb`: the Debian package of it too. */
await runMain(async () => {
  const words = process.argv.slice(2);
  const isDeb = words[0] === '--deb';
  if (words.length > (isDeb ? 1 : 0)) throw new SetupError(`unknown: ${words.join(' ')}`, 'npm run pack [-- --deb]', 2);
  await ensureDependencies();
  await ensureBuilt([mainPart, ...windowParts]);
  const runtime = await ensureElectron();
  if (isDeb && runtime.kind === 'standin') {
    throw new SetupError(
      `a Debian package is made with Electron only: ${runtime.line}`,
      'run it where Electron can be fetched; "npm run pack" makes the unpacked app here',
    );
  }
  say(`packed for ${runtime.line.replace('running in ', '')}`);
  const folder = await ensurePacked(runtime);
  process.stdout.write(`${folder}\n`);
  if (isDeb) process.stdout.write(`${await makeDeb(folder)}\n`);
  return 0;
});
