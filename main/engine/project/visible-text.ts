/**
 * Text of a stranger's file, made safe to show: nothing in it can end a line, move the cursor, reverse the direction of
 * writing or hide itself. Used wherever a config's words reach a person.
 */

/** Controls, format characters (bidi overrides, zero width), line separators, private use, lone surrogates. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text with every invisible character written out, for example `\n` or `\u{202e}`. */
export function toVisibleText(text: string): string {
  return text.replaceAll(
    hidden,
    (character) => named[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}}`,
  );
}

/** The text in double quotes, visible, cut after `maxCharacters` code points. */
export function toQuotedText(text: string, maxCharacters = 60): string {
  const characters = Array.from(text.slice(0, maxCharacters * 2 + 2));
  const cut = characters.length > maxCharacters;
  return `"${toVisibleText(characters.slice(0, maxCharacters).join(''))}${cut ? '…' : ''}"`;
}
