import { flagsOf, flagSpecs, usageOf, wordNames, wordSpecs, type FlagName, type WordName } from './table.ts';

const flagText = (name: FlagName): string => {
  const { short, value } = flagSpecs[name];
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
};

const columns = (rows: readonly (readonly [string, string])[]): string[] => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
};

/** All words at one glance. */
export function renderHelp(): string {
  const rows = wordNames.map((name) => {
    const aliases = (wordSpecs[name].aliases ?? []).map((alias) => `, ${alias}`).join('');
    return [`${name}${aliases}`, wordSpecs[name].summary] as const;
  });
  return [
    'TazPod: one disposable Docker container per project folder.',
    '',
    'Usage: tazpod [WORD] [FOLDER] [--flags]',
    'Without a word: "tazpod enter" in the current folder.',
    '',
    ...columns(rows),
    '',
    'FOLDER is the current one where none is named. "tazpod help WORD" explains a word.',
    'Exit codes: 0 done, 1 failed, 2 usage, 3 needs a decision, 4 no engine.',
    '',
  ].join('\n');
}

/** One word with its flags. */
export function renderWordHelp(word: WordName): string {
  const { summary, aliases } = wordSpecs[word];
  return [
    `${summary}.`,
    '',
    `Usage: ${usageOf(word)}`,
    ...(aliases === undefined ? [] : [`Also: ${aliases.map((alias) => `tazpod ${alias}`).join(', ')}`]),
    '',
    ...columns(flagsOf(word).map((name) => [flagText(name), flagSpecs[name].summary] as const)),
    '',
  ].join('\n');
}
