import { app } from 'electron';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Prints what it finds around it, for packed.desktop.test.ts. */
const folder = import.meta.dirname;
const facts = {
  packaged: app.isPackaged,
  name: app.getName(),
  inArchive: path.basename(app.getAppPath()) === 'app.asar' && folder === app.getAppPath(),
  beside: readFileSync(path.join(folder.replace('app.asar', 'app.asar.unpacked'), 'beside.txt'), 'utf8'),
  argv: [path.basename(process.argv[0] ?? ''), ...process.argv.slice(1)],
};
process.stdout.write(JSON.stringify(facts));
app.exit(0);
