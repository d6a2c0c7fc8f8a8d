import type { Context } from './context.ts';
import { canAsk } from './io.ts';

/** Asks for a yes; false where the answer is anything else. null where nobody can be asked. */
export async function askYes({ io }: Context, question: string): Promise<boolean | null> {
  if (!canAsk(io)) return null;
  const answer = (await io.input.ask(`${question} [y/N] `))?.trim().toLowerCase();
  return answer === 'y' || answer === 'yes';
}
