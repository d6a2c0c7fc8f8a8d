/** What stands in the place of what was taken out. */
export const scrubbed = '[left out]';

/** Values shorter than this are words of everyday: taking them out would say nothing and spoil the text. */
const shortestSecret = 4;

/** Forms in which secrets are written, most specific first; `$1` is kept. */
const patterns: readonly (readonly [RegExp, string])[] = [
  // Keys and certificates, also in one line with \n written out.
  [/-----BEGIN [A-Z0-9 ]+-----.*?(?:-----END [A-Z0-9 ]+-----|$)/gsu, scrubbed],
  // https://user:password@host
  [/(\/\/)[^/@\s"']+@/gu, `$1${scrubbed}@`],
  // ?X-Amz-Signature=…&token=…
  [/([?&][\w.-]+=)[^&\s"']+/gu, `$1${scrubbed}`],
  [/\b((?:bearer|basic|digest|token)\s+)[\w.~+/=-]{6,}/giu, `$1${scrubbed}`],
  // password: x, "apiKey":"x", AWS_SECRET_ACCESS_KEY=x, --token x
  [
    /((?:pass(?:word|wd|phrase)?|secret|token|credentials?|api[_-]?key|access[_-]?key|private[_-]?key|auth(?:orization)?|cookie)\w*["']?\s*(?:[:=]\s*|\s))(?:"[^"]*"|'[^']*'|[^\s"',;)}\]]+)/giu,
    `$1${scrubbed}`,
  ],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}/gu, scrubbed],
];

/** Long runs of letters and digits that are no path: tokens, keys, hashes, base64. */
const longRun = /(?<![\w/~.-])(?!\/)[A-Za-z0-9+/_=-]{20,}/gu;

/** Takes secrets out of text: those that are known, in the forms they travel in, and what looks like one. Pure. */
export function createScrubber(known: Iterable<string>): (text: string) => string {
  const forms = new Set<string>();
  for (const secret of known) {
    for (const line of [secret, ...secret.split(/\r?\n/u)].map((one) => one.trim())) {
      if (line.length < shortestSecret) continue;
      for (const form of toForms(line)) forms.add(form);
    }
  }
  // The longest first: one may be part of another.
  const literals = [...forms].toSorted((one, other) => other.length - one.length);
  return (text) => {
    const withoutKnown = literals.reduce((rest, literal) => rest.replaceAll(literal, scrubbed), text);
    const withoutForms = patterns.reduce((rest, [pattern, put]) => rest.replaceAll(pattern, put), withoutKnown);
    return withoutForms.replaceAll(longRun, (run) => (/\d/u.test(run) && /[A-Za-z]/u.test(run) ? scrubbed : run));
  };
}

/** As it is, in JSON, in a URL, and in base64. */
function toForms(secret: string): readonly string[] {
  const base64 = Buffer.from(secret).toString('base64');
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret.toWellFormed()),
    base64,
    base64.replace(/=+$/u, ''),
  ].filter((form) => form.length >= shortestSecret);
}
