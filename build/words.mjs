/** Commands that do something useful without an engine; an engine is not set up for them. `doctor` reports on what there is. */
const withoutEngine = new Set(['init', 'list', 'trust', 'forget', 'doctor', 'completion', 'quit', 'help', 'version']);

/**
 * Whether the command line's words need an engine. No command is the guided entry, which does.
 * @param {readonly string[]} words
 */
export function needsEngine(words) {
  const end = words.indexOf('--');
  const own = end === -1 ? words : words.slice(0, end);
  if (own.some((word) => ['--help', '-h', '--version', '-V'].includes(word))) return false;
  const command = own.find((word) => !word.startsWith('-'));
  return command === undefined || !withoutEngine.has(command);
}
