import type { IDisposable, IParser } from '@xterm/xterm';
import { maxCells, maxCounts } from '../../preload/contract/terminal-limits.ts';

/** The part of xterm.js's parser that is used; a handler that answers true keeps the sequence from everyone else. */
export type GuardedParser = Pick<IParser, 'registerCsiHandler' | 'registerDcsHandler' | 'registerOscHandler'>;

const swallow = (): boolean => true;

const isOver =
  (max: number) =>
  ([count]: readonly (number | number[])[]): boolean =>
    typeof count === 'number' && count > max;

/**
 * Takes from programs in a container what they have no need of: the clipboard (OSC 52), questions for settings and modes
 * (DECRQSS, DECRQM), window reports and tricks (CSI t), and counts too large that were written so that the clamp in front
 * of the parser did not know them.
 */
export function guardTerminal({ parser }: { readonly parser: GuardedParser }): readonly IDisposable[] {
  return [
    ...[...maxCounts].map(([final, max]) => parser.registerCsiHandler({ final }, isOver(max))),
    ...['@', 'A'].map((final) => parser.registerCsiHandler({ intermediates: ' ', final }, isOver(maxCells))),
    ...['}', '~'].map((final) => parser.registerCsiHandler({ intermediates: "'", final }, isOver(maxCells))),
    parser.registerCsiHandler({ intermediates: '$', final: 'p' }, swallow),
    parser.registerCsiHandler({ prefix: '?', intermediates: '$', final: 'p' }, swallow),
    parser.registerCsiHandler({ final: 't' }, swallow),
    parser.registerDcsHandler({ intermediates: '$', final: 'q' }, swallow),
    parser.registerOscHandler(52, swallow),
  ];
}
