import { parseArgs, type ParseArgsConfig } from 'node:util';
import { escapeText } from '../text/escape.ts';
import { suggest } from '../text/suggest.ts';
import { flagSpecs, flagsOf, typedWords, usageOf, wordSpecs, type FlagName, type WordName } from './table.ts';

/** What was typed, understood. */
export interface Invocation {
  readonly word: WordName;
  readonly operands: readonly string[];
  /** What follows `--`, for `enter`. */
  readonly command: readonly string[] | null;
  readonly flags: Flags;
}

export interface Flags {
  readonly init: boolean;
  readonly image: string | null;
  readonly trust: boolean;
  readonly pull: boolean;
  readonly follow: boolean;
  readonly tail: number | null;
  readonly mine: boolean;
  readonly theirs: boolean;
  readonly yes: boolean;
  readonly caches: boolean;
  readonly ports: boolean;
  readonly bundle: string | null;
  readonly create: boolean;
  readonly passphraseStdin: boolean;
  readonly remember: boolean;
  readonly endHolders: boolean;
  readonly force: boolean;
  readonly confirm: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly help: boolean;
}

/** What was typed makes no sense: exit code 2, with the usage line of the word. */
export class UsageError extends Error {
  readonly usage: string;

  constructor(message: string, usage: string) {
    super(message);
    this.name = 'UsageError';
    this.usage = usage;
  }
}

const generalUsage = 'tazpod [WORD] [FOLDER] [--flags]; "tazpod help" lists the words';
const mostOperands: { readonly [Name in WordName]: number } = {
  init: 1,
  up: 1,
  down: 1,
  restart: 1,
  rebuild: 1,
  setup: 1,
  unlock: 1,
  lock: 1,
  save: 1,
  vault: 2,
  enter: 1,
  status: 1,
  list: 0,
  trust: 1,
  adopt: 1,
  logs: 1,
  sessions: 2,
  stats: 1,
  login: 1,
  push: 1,
  pull: 1,
  history: 1,
  restore: 2,
  sync: 2,
  'setup-storage': 1,
  image: 3,
  forget: 1,
  doctor: 1,
  quit: 0,
  completion: 1,
  help: 1,
};

const didYouMean = (found: string | null): string => (found === null ? '' : ` Did you mean ${found}?`);

function toWord(typed: string): WordName {
  const word = typedWords.get(typed);
  if (word !== undefined) return word;
  const hint = /[/\\.]/u.test(typed)
    ? ` To enter a folder: tazpod enter ${escapeText(typed)}`
    : didYouMean(suggest(typed, [...typedWords.keys()]));
  throw new UsageError(`There is no word "${escapeText(typed)}".${hint}`, generalUsage);
}

/** The word may follow switches (`tazpod --json list`). No word at all is the guided entry; so are its flags alone. */
function splitWord(argv: readonly string[]): { word: WordName; rest: readonly string[] } {
  const at = argv.findIndex((argument) => !/^-./u.test(argument) || argument === '--');
  const typed = at < 0 ? '--' : (argv[at] ?? '--');
  const known = typedWords.get(typed);
  if (typed === '--' || (at > 0 && known === undefined)) return { word: 'enter', rest: argv };
  return { word: known ?? toWord(typed), rest: argv.toSpliced(at, 1) };
}

type Values = Partial<Record<FlagName, string | true>>;

function readTokens(word: WordName, args: readonly string[]): { operands: string[]; values: Values } {
  const allowed = flagsOf(word);
  const options: NonNullable<ParseArgsConfig['options']> = {};
  for (const name of allowed) {
    const { value, short } = flagSpecs[name];
    options[name] = { type: value === undefined ? 'boolean' : 'string', ...(short === undefined ? {} : { short }) };
  }
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const usage = usageOf(word);
  const operands: string[] = [];
  const values: Values = {};
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const name = allowed.find((flag) => flag === token.name);
    if (name === undefined) {
      const near = token.rawName.startsWith('--') ? suggest(token.name, allowed) : null;
      const hint = didYouMean(near === null ? null : `--${near}`);
      throw new UsageError(`"tazpod ${word}" has no flag ${escapeText(token.rawName)}.${hint}`, usage);
    }
    const placeholder = flagSpecs[name].value;
    if (placeholder === undefined && token.value !== undefined)
      throw new UsageError(`--${name} takes no value.`, usage);
    if (placeholder !== undefined && (token.value === undefined || token.value === '')) {
      throw new UsageError(`--${name} needs a value: --${name} ${placeholder}`, usage);
    }
    values[name] = token.value ?? true;
  }
  return { operands, values };
}

function toTail(value: string | true | undefined, usage: string): number | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && /^\d{1,9}$/u.test(value)) return Number(value);
  throw new UsageError(`--tail takes a number of lines, not "${escapeText(String(value))}".`, usage);
}

/**
 * Understands an argument list (without `node` and the script).
 * @throws UsageError where a word, flag or operand is unknown
 */
export function parseWords(argv: readonly string[]): Invocation {
  const { word, rest } = splitWord(argv);
  const usage = usageOf(word);

  const dashes = rest.indexOf('--');
  const { operands, values } = readTokens(word, dashes < 0 ? rest : rest.slice(0, dashes));
  const behind = dashes < 0 ? null : rest.slice(dashes + 1);
  const takesCommand = wordSpecs[word].operands.includes('--');
  if (behind !== null && !takesCommand) operands.push(...behind);
  if (behind?.length === 0 && takesCommand) throw new UsageError('After -- comes a command.', usage);
  if (operands.length > mostOperands[word]) {
    const extra = operands[mostOperands[word]] ?? '';
    throw new UsageError(`"tazpod ${word}" does not know what to do with "${escapeText(extra)}".`, usage);
  }
  if (operands.includes('')) throw new UsageError('A folder has a name; "" is none.', usage);
  const flags: Flags = {
    init: values.init === true,
    image: typeof values.image === 'string' ? values.image : null,
    trust: values.trust === true,
    pull: values.pull === true,
    follow: values.follow === true,
    tail: toTail(values.tail, usage),
    mine: values.mine === true,
    theirs: values.theirs === true,
    yes: values.yes === true,
    caches: values.caches === true,
    ports: values.ports === true,
    bundle: typeof values.bundle === 'string' ? values.bundle : null,
    create: values.create === true,
    passphraseStdin: values['passphrase-stdin'] === true,
    remember: values.remember === true,
    endHolders: values['end-holders'] === true,
    force: values.force === true,
    confirm: values.confirm === true,
    json: values.json === true,
    verbose: values.verbose === true,
    help: values.help === true,
  };
  if (flags.image !== null && word === 'up' && !flags.init) {
    throw new UsageError('--image goes with --init: an existing config names its own image.', usage);
  }
  return { word, operands, command: takesCommand ? behind : null, flags };
}
