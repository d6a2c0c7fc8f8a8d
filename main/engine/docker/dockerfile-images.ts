/** Words of a line, quoted ones whole. */
const wordsOf = (line: string): readonly string[] => line.match(/"[^"]*"|'[^']*'|\S+/gu) ?? [];

/**
 * Images that a Dockerfile takes from registries: of FROM and of COPY --from, stages of its own left out. Variables are
 * those of ARG lines before the first FROM, with their defaults; a reference that stays unknown is left out. Pure.
 */
export function toDockerfileImages(text: string): readonly string[] {
  const variables = new Map<string, string>();
  const stages = new Set<string>();
  const images = new Set<string>();
  const add = (reference: string): void => {
    const image = withVariables(reference, variables);
    const isStage = stages.has(image.toLowerCase()) || /^\d+$/u.test(image) || image.toLowerCase() === 'scratch';
    if (image !== '' && !image.includes('$') && !isStage) images.add(image);
  };
  for (const line of toInstructions(text)) {
    const [instruction = '', ...words] = wordsOf(line);
    const flags = words.filter((word) => word.startsWith('--'));
    const rest = words.filter((word) => !word.startsWith('--'));
    const name = instruction.toUpperCase();
    if (name === 'ARG' && stages.size === 0 && images.size === 0) keepDefaults(rest, variables);
    if (name === 'FROM') {
      add(rest[0] ?? '');
      if (rest[1]?.toUpperCase() === 'AS' && rest[2] !== undefined) stages.add(rest[2].toLowerCase());
    }
    if (name !== 'COPY') continue;
    for (const flag of flags) if (flag.startsWith('--from=')) add(flag.slice('--from='.length));
  }
  return [...images];
}

/** Lines with what continues them; comments and empty lines left out. */
function toInstructions(text: string): readonly string[] {
  const escape = /^#\s*escape\s*=\s*`/imu.test(text) ? /`\s*$/u : /\\\s*$/u;
  const instructions: string[] = [];
  let current = '';
  for (const line of text.split(/\r?\n/u)) {
    if (/^\s*(?:#|$)/u.test(line)) continue;
    current += line.replace(escape, ' ');
    if (escape.test(line)) continue;
    instructions.push(current.trim());
    current = '';
  }
  return current === '' ? instructions : [...instructions, current.trim()];
}

function keepDefaults(words: readonly string[], variables: Map<string, string>): void {
  for (const word of words) {
    const match = /^(?<name>\w+)=(?<value>.*)$/su.exec(word)?.groups;
    if (match === undefined) continue;
    const value = (match['value'] ?? '').replaceAll(/^["']|["']$/gu, '');
    variables.set(match['name'] ?? '', withVariables(value, variables));
  }
}

function withVariables(text: string, variables: ReadonlyMap<string, string>): string {
  const unquoted = text.replaceAll(/^["']|["']$/gu, '');
  return unquoted.replaceAll(/\$(?:(?<name>\w+)|\{(?<braced>\w+)(?::-(?<other>[^}]*))?\})/gu, (whole, ...groups) => {
    const { name, braced, other } = groups.at(-1) as Readonly<Record<string, string | undefined>>;
    return variables.get(name ?? braced ?? '') ?? other ?? whole;
  });
}
