import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { reasonOf } from './failure.ts';
import { writeFileAtomically } from './project/atomic-write.ts';

/** Images that were seen to run with a shell, as `IMAGE-ID|USER`; remembered between runs, since an id never changes. */
export interface ProvenImages {
  has(key: string): boolean;
  add(key: string): void;
}

/** More are not worth a look at start; the oldest are proven once more. */
const maxKeys = 100;

/**
 * Reads what was proven before. It only saves a look into a fresh container, so whatever is wrong with the file means that
 * nothing is known, and a write that fails is only told in the log.
 */
export function openProvenImages(stateFolder: string, log: (line: string) => void): ProvenImages {
  const file = path.join(stateFolder, 'proven-images.json');
  const keys = new Set(readKeys(file));
  let written: Promise<void> = Promise.resolve();
  return {
    has: (key) => keys.has(key),
    add: (key) => {
      keys.add(key);
      const text = JSON.stringify([...keys].slice(-maxKeys));
      written = written
        .then(async () => writeFileAtomically(file, text))
        .catch((error: unknown) => log(`proven images: ${reasonOf(error)}`));
    },
  };
}

function readKeys(file: string): readonly string[] {
  try {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), v.array(v.string())), readFileSync(file, 'utf8'));
    return parsed.success ? parsed.output : [];
  } catch {
    // None yet, or not to be read.
    return [];
  }
}
