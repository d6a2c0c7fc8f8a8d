import { parseArgs } from 'node:util';
import type { BenchSettings } from './world/bench.ts';

const suites = ['desktop', 'lifecycle', 'sync', 'terminal', 'vault'] as const;
type Suite = (typeof suites)[number];

/** What the caller asked for. */
export interface BenchArguments extends BenchSettings {
  readonly suite: Suite;
  readonly json: boolean;
  /** Names of parts or rows; empty: all. */
  readonly only: readonly string[];
}

const defaultRounds = 7;
/** A median of fewer says little. */
const minimumRounds = 5;
const defaultIdleSeconds = 60;

export const usage = `usage: npm run bench -- ${suites.join('|')} [--json] [--rounds N] [--idle-seconds N] [--only NAME[,NAME]]
  --json            one JSON object per row on stdout
  --rounds N        rounds of the paired rows, ${minimumRounds} or more; ${defaultRounds} without it
  --idle-seconds N  how long an idle agent is watched; ${defaultIdleSeconds} without it
  --only NAME       only these rows, and what is measured along with them`;

/** @throws Error with the words for the caller */
export function parseArguments(argv: readonly string[]): BenchArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string', default: String(defaultRounds) },
      'idle-seconds': { type: 'string', default: String(defaultIdleSeconds) },
      only: { type: 'string', default: '' },
    },
  });
  const suite = suites.find((one) => one === positionals[0]);
  if (suite === undefined || positionals.length > 1)
    throw new Error(`unknown suite: ${positionals.join(' ') || 'none'}`);
  return {
    suite,
    json: values.json,
    rounds: toCount('--rounds', values.rounds, minimumRounds),
    idleSeconds: toCount('--idle-seconds', values['idle-seconds'], 1),
    only: values.only === '' ? [] : values.only.split(','),
  };
}

function toCount(flag: string, text: string, minimum: number): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < minimum) throw new Error(`${flag} takes a whole number from ${minimum}`);
  return count;
}
