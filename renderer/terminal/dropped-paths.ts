/** Where a project's folder is in its container. */
const workspacePath = '/workspace';

/** Characters that a shell takes as they are. */
const plain = /^[\w@%+=:,./-]+$/u;

/** A word of a shell's command line. */
export const toShellWord = (text: string): string =>
  plain.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * What a terminal gets that files were dropped on: their paths in the container, each a word and followed by a blank.
 * @returns null where one of them is not in the project's folder, or its name would be more than a word: control characters
 */
export function toDroppedText(paths: readonly string[], folder: string): string | null {
  const words = paths.map((path) => {
    const below = path === folder ? '' : path.startsWith(`${folder}/`) ? path.slice(folder.length) : null;
    return below === null || /\p{Cc}/u.test(below) ? null : toShellWord(`${workspacePath}${below}`);
  });
  return words.length === 0 || words.includes(null) ? null : `${words.join(' ')} `;
}
