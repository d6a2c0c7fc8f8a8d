/** Every word and flag of the command line in one table: parser, help and shell completion all read it. */

export type WordName =
  | 'init'
  | 'up'
  | 'down'
  | 'restart'
  | 'rebuild'
  | 'setup'
  | 'unlock'
  | 'lock'
  | 'save'
  | 'vault'
  | 'enter'
  | 'status'
  | 'list'
  | 'trust'
  | 'adopt'
  | 'logs'
  | 'sessions'
  | 'stats'
  | 'login'
  | 'push'
  | 'pull'
  | 'history'
  | 'restore'
  | 'sync'
  | 'setup-storage'
  | 'image'
  | 'forget'
  | 'doctor'
  | 'quit'
  | 'completion'
  | 'help';

export type FlagName =
  | 'init'
  | 'image'
  | 'trust'
  | 'pull'
  | 'follow'
  | 'tail'
  | 'mine'
  | 'theirs'
  | 'yes'
  | 'caches'
  | 'ports'
  | 'bundle'
  | 'create'
  | 'passphrase-stdin'
  | 'remember'
  | 'end-holders'
  | 'force'
  | 'confirm'
  | 'json'
  | 'verbose'
  | 'help';

export interface FlagSpec {
  /** Placeholder of the value; absent for a switch. */
  readonly value?: string;
  readonly short?: string;
  readonly summary: string;
}

export const flagSpecs: { readonly [Name in FlagName]: FlagSpec } = {
  init: { summary: 'Write .tazpod/config.yaml first, where there is none' },
  image: { value: 'REF', summary: 'Image that the new config names' },
  trust: { summary: 'Allow what the config asks for without the question (for scripts)' },
  pull: { summary: 'Pull the image anew first' },
  follow: { short: 'f', summary: 'Go on until Ctrl-C' },
  tail: { value: 'N', summary: 'Begin with the last N lines' },
  mine: { summary: 'In a conflict: keep the vault of this machine' },
  theirs: { summary: 'In a conflict: take the vault of the remote' },
  yes: { short: 'y', summary: 'Answer the question with yes' },
  caches: { summary: 'Also remove the volumes with its caches and shell history' },
  ports: { summary: 'Show what listens inside, and the config line that would publish it' },
  bundle: { value: 'FILE', summary: 'Also write all of it to a new file for a bug report, secrets left out' },
  create: { summary: 'Make a vault where there is none' },
  'passphrase-stdin': {
    summary: 'Read the passphrase from stdin (for scripts); for a change the old one, then the new',
  },
  remember: { summary: "Keep the passphrase in this device's key store" },
  'end-holders': { summary: 'End the programs that have the vault open' },
  force: { summary: 'Go on though what the vault has unsaved gets lost' },
  confirm: { summary: 'Save though the vault is empty or has less than half of what it had' },
  json: { summary: 'Print JSON, in the shapes of docs/cli.md' },
  verbose: { short: 'v', summary: 'Print the details of errors' },
  help: { short: 'h', summary: 'Explain this word' },
};

export interface WordSpec {
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** What may follow the word; `[FOLDER]` defaults to the current one. */
  readonly operands:
    | ''
    | '[FOLDER]'
    | '[FOLDER] [-- COMMAND...]'
    | '[list | pull REF | build-base | use REF [FOLDER]]'
    | '[status | adopt] [FOLDER]'
    | '[list | kill ID]'
    | 'NAME [FOLDER]'
    | '[status | passphrase | forget-passphrase] [FOLDER]'
    | 'SHELL'
    | '[WORD]';
  readonly flags: readonly FlagName[];
}

export const wordSpecs: { readonly [Name in WordName]: WordSpec } = {
  init: {
    summary: 'Write .tazpod/config.yaml and register the folder',
    operands: '[FOLDER]',
    flags: ['image', 'json'],
  },
  up: {
    summary: 'Create and start the container',
    operands: '[FOLDER]',
    flags: ['init', 'image', 'trust', 'json'],
  },
  down: { summary: 'Stop and remove the container; the folder stays', operands: '[FOLDER]', flags: ['force', 'json'] },
  restart: { summary: 'Stop the container and start it again', operands: '[FOLDER]', flags: ['force', 'json'] },
  rebuild: {
    summary: 'Create the container anew from the config',
    operands: '[FOLDER]',
    flags: ['pull', 'trust', 'force', 'json'],
  },
  setup: { summary: "Run the config's setup command once more", operands: '[FOLDER]', flags: ['json'] },
  unlock: {
    summary: 'Open the vault in the running container',
    operands: '[FOLDER]',
    flags: ['create', 'passphrase-stdin', 'remember', 'json'],
  },
  lock: {
    summary: 'Save the vault, then take its files out of the container',
    operands: '[FOLDER]',
    flags: ['end-holders', 'force', 'json'],
  },
  save: { summary: 'Save the vault now', operands: '[FOLDER]', flags: ['confirm', 'json'] },
  vault: {
    summary: 'Show the vault, change its passphrase, or forget the one kept on this device',
    operands: '[status | passphrase | forget-passphrase] [FOLDER]',
    flags: ['passphrase-stdin', 'json'],
  },
  enter: {
    aliases: ['ssh'],
    summary: 'Open a shell in the container, bringing it up first',
    operands: '[FOLDER] [-- COMMAND...]',
    flags: ['init', 'image', 'trust'],
  },
  status: { summary: 'Show one project, or what listens inside', operands: '[FOLDER]', flags: ['ports', 'json'] },
  list: { aliases: ['ls'], summary: 'Show all projects', operands: '', flags: ['json'] },
  trust: { summary: 'Show what the config asks for, and allow it', operands: '[FOLDER]', flags: ['yes', 'json'] },
  adopt: {
    summary: 'Take over a container that another tool made for this folder',
    operands: '[FOLDER]',
    flags: ['yes', 'json'],
  },
  logs: { summary: "Show the container's own output", operands: '[FOLDER]', flags: ['follow', 'tail'] },
  sessions: {
    summary: 'Show what is open in the containers, or end one',
    operands: '[list | kill ID]',
    flags: ['json'],
  },
  stats: { summary: 'Show how much processor and memory it uses', operands: '[FOLDER]', flags: ['follow', 'json'] },
  login: {
    summary: "Log in to AWS (SSO) for the folder's remote, in a browser",
    operands: '[FOLDER]',
    flags: ['json'],
  },
  push: {
    summary: 'Save if unlocked, then push the vault to its remote',
    operands: '[FOLDER]',
    flags: ['mine', 'json'],
  },
  pull: { summary: 'Take a newer vault from the remote', operands: '[FOLDER]', flags: ['theirs', 'json'] },
  history: { summary: 'List the versions of the vault at the remote', operands: '[FOLDER]', flags: ['json'] },
  restore: { summary: 'Bring a version of the vault back', operands: 'NAME [FOLDER]', flags: ['yes', 'json'] },
  sync: {
    summary: 'Show how sync stands; adopt: say that the vault at the remote is this one',
    operands: '[status | adopt] [FOLDER]',
    flags: ['json'],
  },
  'setup-storage': {
    summary: 'Make the bucket or folder that the config names',
    operands: '[FOLDER]',
    flags: ['yes', 'json'],
  },
  image: {
    summary: 'List local images, pull one, build the base image, or choose one for a folder',
    operands: '[list | pull REF | build-base | use REF [FOLDER]]',
    flags: ['yes', 'json'],
  },
  forget: { summary: 'Drop the folder from the list; it is not touched', operands: '[FOLDER]', flags: ['caches'] },
  doctor: { summary: 'Check engine, this machine and this folder', operands: '[FOLDER]', flags: ['bundle', 'json'] },
  quit: { summary: 'End the host process; containers stay up', operands: '', flags: ['force'] },
  completion: { summary: 'Print a completion script: bash, zsh or fish', operands: 'SHELL', flags: [] },
  help: { summary: 'Explain a word', operands: '[WORD]', flags: [] },
};

/** What may follow `vault`; alone it is `status`. */
export const vaultVerbs = ['status', 'passphrase', 'forget-passphrase'] as const;

/** Flags that every word takes. */
export const commonFlags: readonly FlagName[] = ['verbose', 'help'];

export const wordNames = Object.keys(wordSpecs) as readonly WordName[];

/** Words and aliases by what is typed. */
export const typedWords: ReadonlyMap<string, WordName> = new Map(
  wordNames.flatMap((name) => [name, ...(wordSpecs[name].aliases ?? [])].map((typed) => [typed, name] as const)),
);

/** Flags of one word, its own first. */
export function flagsOf(word: WordName): readonly FlagName[] {
  return [...wordSpecs[word].flags, ...commonFlags];
}

/** `tazpod up [FOLDER] [--init] [--image REF] …` */
export function usageOf(word: WordName): string {
  const flags = wordSpecs[word].flags.map((name) => {
    const { value } = flagSpecs[name];
    return value === undefined ? `[--${name}]` : `[--${name} ${value}]`;
  });
  const [operand = '', ...rest] = wordSpecs[word].operands.split(/(?= \[--)/u);
  return ['tazpod', word, operand, ...flags, ...rest.map((part) => part.trim())]
    .filter((part) => part !== '')
    .join(' ');
}
