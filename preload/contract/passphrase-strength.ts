/** How hard a passphrase is to guess. The vault's key derivation is fixed by its layout, so all depends on this. */
export interface PassphraseStrength {
  readonly level: 'weak' | 'fair' | 'strong';
  /** Guesses until it is found, by what guessers try first: common ones, words, keyboard rows, dates, repeats. */
  readonly guesses: number;
  /** In words, for example `Weak: by a cautious estimate one graphics card finds it within 3 hours.` */
  readonly words: string;
}

/** PBKDF2-HMAC-SHA256 with 100,000 iterations on one graphics card of 2024, in guesses a second, rounded up. */
const guessesPerSecond = 100_000;
const dayS = 86_400;
const yearS = 365 * dayS;
const weakBelowS = 30 * dayS;
const fairBelowS = 100 * yearS;
/** What is longer is no easier, and looking at it would take long. */
const maxLookedAt = 128;

const units: readonly (readonly [seconds: number, name: string])[] = [
  [yearS, 'year'],
  [dayS, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
];

/** What one who makes a vault should know of this passphrase. The estimator is loaded at the first call. */
export async function ratePassphrase(passphrase: string): Promise<PassphraseStrength> {
  const check = await loadEstimator();
  const { guesses } = check(passphrase.slice(0, maxLookedAt));
  const seconds = guesses / guessesPerSecond;
  const level = seconds < weakBelowS ? 'weak' : seconds < fairBelowS ? 'fair' : 'strong';
  return {
    level,
    guesses,
    words: `${levelWords[level]}: by a cautious estimate one graphics card finds it within ${toTimeWords(seconds)}.`,
  };
}

const levelWords = { weak: 'Weak', fair: 'Fair', strong: 'Strong' } as const;

function toTimeWords(seconds: number): string {
  const [unitS, name] = units.find(([one]) => seconds >= one) ?? [0, ''];
  if (unitS === 0) return 'a minute';
  const count = Math.floor(seconds / unitS);
  if (name === 'year' && count > 1_000_000) return 'millions of years';
  return `${count.toLocaleString('en-US')} ${name}${count === 1 ? '' : 's'}`;
}

type Estimator = (passphrase: string) => { readonly guesses: number };
let loading: Promise<Estimator> | null = null;

async function loadEstimator(): Promise<Estimator> {
  loading ??= Promise.all([import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common')]).then(
    ([{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }]) => {
      const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
      return (passphrase) => estimator.check(passphrase);
    },
  );
  return await loading;
}
