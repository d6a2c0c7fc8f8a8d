/** The few styles that the command line uses. Meaning is never carried by colour alone. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly amber: (text: string) => string;
  readonly blue: (text: string) => string;
}

const sgr =
  (on: number, off: number) =>
  (text: string): string =>
    text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`;
const same = (text: string): string => text;

const coloured: Style = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  green: sgr(32, 39),
  amber: sgr(33, 39),
  blue: sgr(34, 39),
};

/** No styles at all: pipes, `NO_COLOR` and dumb terminals. */
export const plainStyle: Style = { bold: same, dim: same, red: same, green: same, amber: same, blue: same };

/** Styles for one output, off where it is no terminal, where `NO_COLOR` is set (no-color.org) or TERM is `dumb`. */
export function styleFor(isTty: boolean, environment: Readonly<Record<string, string | undefined>>): Style {
  const off = !isTty || (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  return off ? plainStyle : coloured;
}
