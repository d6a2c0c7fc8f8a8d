/**
 * A process that saves: `writer.ts FOLDER NAME COUNT BYTES`. It reads the vault, says `ready`, waits for a byte on stdin,
 * then saves COUNT times and says of each what became of it, one JSON object a line. Others kill it, trace it or race it.
 */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { failureOf } from '../../main/engine/failure.ts';
import { wipeArchive } from '../../main/engine/vault/archive.ts';
import { openVaultStore } from '../../main/engine/vault/store.ts';
import { archiveOf, faultKey } from './vault.ts';
import { type WriterWord } from './writer-process.ts';

// Written at once: what was said before a kill has been said.
const say = (word: WriterWord): void => void writeSync(1, `${JSON.stringify(word)}\n`);

const [folder = '', name = '', count = '', bytes = ''] = process.argv.slice(2);
const key = faultKey();
const store = await openVaultStore(folder, { nowMs: Date.now });
const first = await store.read(key);
wipeArchive(first.archive);
let base = first.version;
let archive = await archiveOf(`${name} 1`, Number(bytes));
say({ word: 'ready' });
await once(process.stdin, 'data');
for (let number = 1; number <= Number(count); number += 1) {
  try {
    const saved = await store.save({ key, archive, base, allowShrink: true });
    base = saved.version;
    say({ word: 'saved', number, copies: saved.conflictCopies.length });
  } catch (error) {
    const { code, message } = failureOf(error);
    say({ word: 'failed', number, code, message });
  }
  if (number < Number(count)) archive = await archiveOf(`${name} ${number + 1}`, Number(bytes));
}
process.stdin.destroy();
