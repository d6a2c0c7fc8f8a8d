import { acknowledgeEveryBytes } from '../../preload/contract/terminal-limits.ts';

/** The largest piece sent at once, in bytes; the contract takes no more than 1 MiB. */
export const maxPieceBytes = 64 * 1024;

/** Typed or pasted text as the shell gets it. */
export const toInputBytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Mouse reports in the old encoding are bytes already, one a character. */
export const toBinaryBytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

export function* toPieces(bytes: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < bytes.length; start += maxPieceBytes) yield bytes.slice(start, start + maxPieceBytes);
}

/** Counts what was shown and tells it in steps. */
export function createAcknowledger(tell: (bytes: number) => void): (shownBytes: number) => void {
  let untold = 0;
  return (shownBytes) => {
    untold += shownBytes;
    if (untold < acknowledgeEveryBytes) return;
    tell(untold);
    untold = 0;
  };
}

/** Longest tab title in characters. */
const maxTitleLength = 100;

/** A program sets its tab's title: plain text, cut. */
export function toPlainTitle(title: string): string {
  const plain = title.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').trim();
  const characters = Array.from(plain);
  return characters.length > maxTitleLength ? `${characters.slice(0, maxTitleLength - 1).join('')}…` : plain;
}
