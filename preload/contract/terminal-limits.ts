/** What both ends of a terminal's stream go by. */

/** Bytes to show before it is told: often enough to keep the stream going, seldom enough to cost nothing. */
export const acknowledgeEveryBytes = 32 * 1024;

/**
 * Largest count that a program may ask for when it repeats, inserts or deletes characters, in cells; xterm.js works counts
 * off one by one, up to 2^31. No line is longer.
 */
export const maxCells = 1024;
/** The same for lines, each of which costs a whole line's cells. No screen is taller. */
const maxLines = 256;

/** Largest count by the final character of its control sequence. */
export const maxCounts: ReadonlyMap<string, number> = new Map([
  ...Array.from('b@PXIZ', (final) => [final, maxCells] as const),
  ...Array.from('LMST', (final) => [final, maxLines] as const),
]);
