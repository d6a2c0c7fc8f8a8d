import { ensureBuilt, mainPart, windowParts } from './setup/application.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { ensureElectron } from './setup/electron.mjs';
import { ensurePacked } from './setup/package.mjs';
import { runMain, say } from './setup/say.mjs';

/** `npm run pack`: the app, unpacked, for the machine at hand. */
await runMain(async () => {
  await ensureDependencies();
  await ensureBuilt([mainPart, ...windowParts]);
  const runtime = await ensureElectron();
  say(`packed for ${runtime.line.replace('running in ', '')}`);
  process.stdout.write(`${await ensurePacked(runtime)}\n`);
  return 0;
});
