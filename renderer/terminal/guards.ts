import type { IDisposable, Terminal } from '@xterm/xterm';

/**
 * Largest count that a program may ask for when it repeats, inserts, deletes or scrolls. xterm.js works such counts off
 * one by one, up to 2^31; no screen has more lines than this.
 */
const maxCount = 1024;

const first = (params: readonly (number | number[])[]): number => {
  const [count] = params;
  return typeof count === 'number' ? count : 1;
};

const swallow = (): boolean => true;

/**
 * Takes from programs in a container what they have no need of: asking for the terminal's settings (DECRQSS), the
 * clipboard (OSC 52) and counts that would stall the window.
 */
export function guardTerminal({ parser }: Terminal): readonly IDisposable[] {
  const counted = ['b', 'L', 'M', 'S', 'T', 'I', 'Z', '@', 'P', 'X'].map((final) =>
    parser.registerCsiHandler({ final }, (params) => first(params) > maxCount),
  );
  return [
    ...counted,
    parser.registerDcsHandler({ intermediates: '$', final: 'q' }, swallow),
    parser.registerOscHandler(52, swallow),
  ];
}
