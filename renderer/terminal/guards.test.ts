import { describe, expect, test } from 'vitest';
import { guardTerminal, type GuardedParser } from './guards.ts';

describe('the parser’s guards', () => {
  const refused = new Map<string, (params: (number | number[])[]) => boolean | Promise<boolean>>();
  const nothing = { dispose: (): void => undefined };
  const parser: GuardedParser = {
    registerCsiHandler: ({ prefix = '', intermediates = '', final }, handler) => {
      refused.set(`CSI ${prefix}${intermediates}${final}`, handler);
      return nothing;
    },
    registerDcsHandler: ({ intermediates = '', final }, handler) => {
      refused.set(`DCS ${intermediates}${final}`, (params) => handler('', params));
      return nothing;
    },
    registerOscHandler: (ident, handler) => {
      refused.set(`OSC ${ident}`, () => handler(''));
      return nothing;
    },
  };
  guardTerminal({ parser });

  test.each(['OSC 52', 'DCS $q', 'CSI $p', 'CSI ?$p', 'CSI t'])('%s never gets an answer', (name) => {
    expect(refused.get(name)?.([21])).toBe(true);
  });

  test.each(['CSI b', 'CSI S', 'CSI T', 'CSI L', 'CSI  @', 'CSI  A', "CSI '}", "CSI '~"])(
    '%s is refused with a count that the clamp let through, and works otherwise',
    (name) => {
      expect(refused.get(name)?.([99_999, 1])).toBe(true);
      expect(refused.get(name)?.([5])).toBe(false);
    },
  );
});
