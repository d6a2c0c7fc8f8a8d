import { SetupError } from '../setup/say.mjs';

const projects = ['unit', 'engine', 'desktop'];

/**
 * `npm test -- [--only unit|engine|desktop] [words for vitest]`
 * @param {readonly string[]} words
 * @returns {{ projects: string[], rest: string[] }}
 */
export function parseArguments(words) {
  const at = words.findIndex((word) => word === '--only' || word.startsWith('--only='));
  if (at === -1) return { projects, rest: [...words] };
  const joined = words[at]?.startsWith('--only=') ?? false;
  const only = joined ? words[at]?.slice('--only='.length) : words[at + 1];
  if (only === undefined || !projects.includes(only)) {
    throw new SetupError(`--only ${only ?? ''} names no test project`, `use --only ${projects.join(' or --only ')}`);
  }
  return { projects: [only], rest: words.toSpliced(at, joined ? 1 : 2) };
}
