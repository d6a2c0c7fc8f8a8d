/**
 * A process that saves, and pushes each save where a place is named: `writer.ts FOLDER NAME COUNT BYTES [PLACE]`. It reads the vault, says `ready`, waits for a byte on stdin,
 * then saves COUNT times and says of each what became of it, one JSON object a line. Others kill it, trace it or race it.
 */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { failureOf } from '../../main/engine/failure.ts';
import { runPush } from '../../main/engine/sync/run.ts';
import { wipeArchive } from '../../main/engine/vault/archive.ts';
import { openVaultStore } from '../../main/engine/vault/store.ts';
import { openPushed } from './pushed.ts';
import { labelledArchive, faultKey } from './vault.ts';
import { type WriterWord } from './writer-process.ts';

// Written at once: what was said before a kill has been said.
const say = (word: WriterWord): void => void writeSync(1, `${JSON.stringify(word)}\n`);

const [folder = '', name = '', count = '', bytes = '', place] = process.argv.slice(2);
const pushed = place === undefined ? null : await openPushed(folder, place);
const key = faultKey();
const store = await openVaultStore(folder, { nowMs: Date.now });
const first = await store.read(key);
wipeArchive(first.archive);
let base = first.version;
let archive = await labelledArchive(`${name} 1`, Number(bytes));
say({ word: 'ready' });
await once(process.stdin, 'data');
for (let number = 1; number <= Number(count); number += 1) {
  try {
    const saved = await store.save({ key, archive, base, allowShrink: true });
    base = saved.version;
    say({ word: 'saved', number, copies: saved.conflictCopies.length });
    if (pushed !== null) {
      const { type: outcome } = await runPush(pushed, 'loop', new AbortController().signal);
      say({ word: 'pushed', number, outcome });
    }
  } catch (error) {
    const { code, message } = failureOf(error);
    say({ word: 'failed', number, code, message });
  }
  if (number < Number(count)) archive = await labelledArchive(`${name} ${number + 1}`, Number(bytes));
}
process.stdin.destroy();
