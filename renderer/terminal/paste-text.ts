/** More lines than this are asked about even where the program marks pasted text. */
const manyLines = 5;

/** Control characters other than tab and line ends: with them, pasted text could leave the bracket around it. */
const unwanted = /(?![\t\n\r])\p{Cc}/gu;

/** Clipboard text as it may be typed into a terminal. */
export const toPasteText = (text: string): string => text.replaceAll(unwanted, '');

/** Lines of a text; a line end at its very end begins none. */
export const lineCountOf = (text: string): number => text.replace(/(?:\r\n|\r|\n)$/u, '').split(/\r\n|\r|\n/u).length;

/** Whether to ask first: lines that would run at once, or many of them. */
export function wantsPasteQuestion(text: string, isBracketed: boolean): boolean {
  const count = lineCountOf(text);
  return isBracketed ? count > manyLines : count > 1;
}
