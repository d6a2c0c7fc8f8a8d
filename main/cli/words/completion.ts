import { flagSpecs, flagsOf, vaultVerbs, wordNames, wordSpecs, type WordName } from './table.ts';

export type Shell = 'bash' | 'zsh' | 'fish';
export const shells: readonly Shell[] = ['bash', 'zsh', 'fish'];

const typedOf = (word: WordName): string[] => [word, ...(wordSpecs[word].aliases ?? [])];
const allTyped = wordNames.flatMap(typedOf);
const takesFolder = (word: WordName): boolean => wordSpecs[word].operands.startsWith('[FOLDER]');
/** A verb of the word comes first, the folder after it. */
const takesFolderLater = (word: WordName): boolean => wordSpecs[word].operands.endsWith('] [FOLDER]');
const longFlags = (word: WordName): string[] => flagsOf(word).map((name) => `--${name}`);
/** What may follow a word where no folder comes first. */
const operandsOf = (word: WordName): readonly string[] => {
  if (word === 'image') return ['list', 'pull', 'build-base', 'use'];
  if (word === 'sync') return ['status', 'adopt'];
  if (word === 'vault') return vaultVerbs;
  if (word === 'completion') return shells;
  return word === 'help' ? allTyped : [];
};

function bashScript(): string {
  const cases = wordNames.map((word) => {
    const later = takesFolderLater(word) ? '; (( COMP_CWORD > 2 )) && folders=1' : '';
    const operands = takesFolder(word) ? 'folders=1' : `operands="${operandsOf(word).join(' ')}"${later}`;
    return `    ${typedOf(word).join('|')}) flags="${longFlags(word).join(' ')}"; ${operands} ;;`;
  });
  return `# bash completion of tazpod. Load it: source <(tazpod completion bash)
_tazpod() {
  local current="\${COMP_WORDS[COMP_CWORD]}" flags="" operands="" folders="" line
  COMPREPLY=()
  if (( COMP_CWORD == 1 )) && [[ $current != -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "${allTyped.join(' ')}" -- "$current")
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) flags="${['--version', ...longFlags('enter')].join(' ')}" ;;
  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$current")
  elif [[ -n $folders ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -d -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -W "$operands" -- "$current")
  fi
}
complete -F _tazpod tazpod
`;
}

const zshQuoted = (text: string): string => text.replaceAll("'", "'\\''");
const zshSummary = (text: string): string => zshQuoted(text).replaceAll(/[[\]:]/gu, String.raw`\$&`);

function zshScript(): string {
  const words = wordNames.flatMap((word) =>
    typedOf(word).map(
      (typed) => `    '${typed}:${zshQuoted(wordSpecs[word].summary).replaceAll(':', String.raw`\:`)}'`,
    ),
  );
  const cases = wordNames.map((word) => {
    const flags = flagsOf(word).map((name) => {
      const { value, summary } = flagSpecs[name];
      return `'--${name}[${zshSummary(summary)}]${value === undefined ? '' : `:${value}:`}'`;
    });
    const operands = operandsOf(word);
    const operand = takesFolder(word) ? ["'1:folder:_directories'"] : [];
    const choice = operands.length > 0 ? [`'1:operand:(${operands.join(' ')})'`] : [];
    const later = takesFolderLater(word) ? ["'2:folder:_directories'"] : [];
    return `    ${typedOf(word).join('|')}) _arguments ${[...flags, ...operand, ...choice, ...later].join(' ')} ;;`;
  });
  return `#compdef tazpod
# zsh completion of tazpod. Load it: source <(tazpod completion zsh)
_tazpod() {
  local -a words_of_tazpod
  words_of_tazpod=(
${words.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'word' words_of_tazpod
    return
  fi
  local word="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$word" in
${cases.join('\n')}
  esac
}
if [[ "$funcstack[1]" == "_tazpod" ]]; then _tazpod "$@"; else compdef _tazpod tazpod; fi
`;
}

const fishQuoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;

function fishScript(): string {
  const lines = ['# fish completion of tazpod. Load it: tazpod completion fish | source', 'complete -c tazpod -f'];
  for (const word of wordNames) {
    const summary = fishQuoted(wordSpecs[word].summary);
    lines.push(`complete -c tazpod -n __fish_use_subcommand -a '${typedOf(word).join(' ')}' -d ${summary}`);
    const condition = `-n '__fish_seen_subcommand_from ${typedOf(word).join(' ')}'`;
    if (takesFolder(word) || takesFolderLater(word))
      lines.push(`complete -c tazpod ${condition} -a '(__fish_complete_directories)'`);
    const operands = operandsOf(word);
    if (operands.length > 0) lines.push(`complete -c tazpod ${condition} -a '${operands.join(' ')}'`);
    for (const name of flagsOf(word)) {
      const { value, short, summary: meaning } = flagSpecs[name];
      const shortFlag = short === undefined ? '' : ` -s ${short}`;
      const needsValue = value === undefined ? '' : ' -x';
      lines.push(`complete -c tazpod ${condition} -l ${name}${shortFlag}${needsValue} -d ${fishQuoted(meaning)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The completion script for a shell, made from the table of words. */
export function completionScript(shell: Shell): string {
  const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
  return scripts[shell]();
}
