/**
 * Text from outside (folder names, config values, an engine's words) must not steer the terminal that shows it.
 * C0, DEL, C1, line separators, bidirectional overrides and lone surrogates are shown as escapes.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\x1b' };

function toEscape(character: string): string {
  const known = short[character];
  if (known !== undefined) return known;
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

/** Text for one line: every control character becomes a visible escape. */
export function escapeText(text: string): string {
  return text.replaceAll(unsafe, toEscape);
}

/** Text of several lines: line breaks stay, everything else is escaped as in `escapeText`. */
export function escapeBlock(text: string): string {
  return text.split(/\r?\n/u).map(escapeText).join('\n');
}
