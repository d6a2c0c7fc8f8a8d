import { ratePassphrase } from '../../preload/contract/passphrase-strength.ts';
import { PassphraseSchema } from '../../preload/contract/vault.ts';
import * as v from 'valibot';
import type { Context } from './context.ts';
import { CliFailure } from './failure.ts';
import { canAsk } from './io.ts';
import { UsageError } from './words/parse.ts';
import { usageOf } from './words/table.ts';

/** The longest passphrases, twice, and the ends of their lines. */
const maxInputBytes = 16 * 1024;

/** What was typed is wrong in a way that asking again can mend; null where it can be used. */
export function problemOf(passphrase: string): string | null {
  const parsed = v.safeParse(PassphraseSchema, passphrase);
  return parsed.success ? null : (parsed.issues[0]?.message ?? 'it can not be used');
}

/** Asks for a passphrase without showing it; null where nobody can be asked. @throws CliFailure `cancelled` at Ctrl-C */
export async function askPassphrase({ io }: Context, question: string): Promise<string | null> {
  if (!canAsk(io)) return null;
  const typed = await io.input.askHidden(question);
  if (typed === null) throw cancelled();
  return typed;
}

const maxTypings = 5;

/** Asks for a new passphrase, shows its strength and asks a second time; null where nobody can be asked. */
export async function askNewPassphrase(context: Context): Promise<string | null> {
  const { io } = context;
  for (let typing = 0; typing < maxTypings; typing += 1) {
    const passphrase = await askPassphrase(context, 'New passphrase, four random words or more: ');
    if (passphrase === null) return null;
    const problem = problemOf(passphrase);
    if (problem !== null) {
      io.err.write(`Not usable: ${problem}.\n`);
      continue;
    }
    const { words } = await ratePassphrase(passphrase);
    io.err.write(`${words} Nobody can recover it for you.\n`);
    if ((await askPassphrase(context, 'The same once more: ')) === passphrase) return passphrase;
    io.err.write('The two are not the same.\n');
  }
  throw cancelled();
}

const cancelled = (): CliFailure =>
  new CliFailure({
    code: 'cancelled',
    message: 'No passphrase was given.',
    nextStep: 'Nothing was changed; run the command again.',
  });

/**
 * Reads passphrases from stdin, one a line.
 * @param count lines that must be there
 * @throws UsageError where there are others
 */
export async function readPassphrases({ io, invocation }: Context, count: number): Promise<readonly string[]> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = io.input.onBytes((bytes) => {
    length += bytes.length;
    if (length > maxInputBytes) resolve();
    else chunks.push(Uint8Array.from(bytes));
  }, resolve);
  await promise;
  stop();
  const bytes = Buffer.concat(chunks);
  const lines = bytes.toString('utf8').split(/\r?\n/u);
  for (const chunk of [...chunks, bytes]) chunk.fill(0);
  if (lines.at(-1) === '') lines.pop();
  const problem = lines.map(problemOf).find((one) => one !== null);
  if (length > maxInputBytes || lines.length !== count || problem !== undefined) {
    const wanted = count === 1 ? 'one line with the passphrase' : 'the old passphrase and the new one, each on a line';
    throw new UsageError(`--passphrase-stdin takes ${wanted}.`, usageOf(invocation.word));
  }
  return lines;
}
