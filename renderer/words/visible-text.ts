/**
 * Names and values come from strangers' folders. Control characters, line and paragraph separators, bidirectional
 * overrides and lone surrogates are shown as escapes, so that nothing can pass for something else.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const hidden = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function toEscape(character: string): string {
  const code = character.charCodeAt(0);
  return short[character] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`);
}

export function toVisibleText(text: string): string {
  return text.replaceAll(hidden, toEscape);
}

/** A folder's name as one reads it; one that is all spaces is shown in quotes. */
export function toVisibleName(name: string): string {
  const visible = toVisibleText(name);
  return visible.trim() === '' ? `"${visible}"` : visible;
}

/** Text of several lines: line breaks stay. */
export function toVisibleBlock(text: string): string {
  return text.split(/\r?\n/u).map(toVisibleText).join('\n');
}

/** A path as one reads it: the home folder as `~`. The full path belongs in a tooltip. */
export function toShortPath(path: string): string {
  return toVisibleText(path).replace(/^(?:\/home\/[^/]+|\/Users\/[^/]+|\/root)(?=\/|$)/u, '~');
}

/** The folder that holds a path. */
export function parentOf(path: string): string {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return cut <= 0 ? path.slice(0, cut + 1) : path.slice(0, cut);
}
