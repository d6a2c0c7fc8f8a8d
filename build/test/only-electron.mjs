import { readFileSync } from 'node:fs';
import { inProject, projectRoot } from '../setup/project.mjs';
import { listSources } from '../setup/stamp.mjs';

/**
 * The app and its tests are written for Electron alone: no line of theirs may know what build/standin is, or a test could pass
 * for a reason that real Electron does not give it. Part of `npm run check`.
 */
const word = /\bstand-?in(?!g)/i;
const found = listSources(projectRoot, ['main', 'preload', 'renderer', 'e2e']).flatMap(({ path }) =>
  readFileSync(inProject(path), 'utf8')
    .split('\n')
    .flatMap((line, at) => (word.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
);
if (found.length > 0) {
  process.stdout.write(`these lines know of the stand-in:\n${found.join('\n')}\n`);
  process.exitCode = 1;
}
