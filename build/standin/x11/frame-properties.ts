import type { Rectangle } from './requests.ts';
import type { Screen } from './screen.ts';

export interface FrameOptions {
  readonly title: string;
  readonly bounds: Rectangle;
  /** False: the window manager chooses the place. */
  readonly placed: boolean;
  readonly minSize: { readonly width: number; readonly height: number };
  /** 0xRRGGBB, seen until Chromium has drawn. */
  readonly background: number;
  /** The icon in the sizes at hand, pixels as 0xAARRGGBB. */
  readonly icons: readonly { readonly width: number; readonly height: number; readonly pixels: readonly number[] }[];
  /** Groups windows of one app in taskbars. */
  readonly className: string;
}

/** What a window manager reads from a new window (ICCCM 4.1.2, EWMH). */
export function setFrameProperties(screen: Screen, window: number, options: FrameOptions): void {
  const { atoms } = screen;
  setTitle(screen, window, options.title);
  screen.setText(window, atoms.WM_CLASS, `${options.className}\0${options.className}\0`, atoms.STRING);
  screen.setWords(window, atoms.WM_PROTOCOLS, atoms.ATOM, [atoms.WM_DELETE_WINDOW, atoms._NET_WM_PING]);
  screen.setWords(window, atoms._NET_WM_PID, atoms.CARDINAL, [process.pid]);
  // Flags: input and initial state; we take input, and start in the normal state.
  screen.setWords(window, atoms.WM_HINTS, atoms.WM_HINTS, [3, 1, 1, 0, 0, 0, 0, 0, 0]);
  setSizeHints(screen, window, options);
  const icon = options.icons.flatMap(({ width, height, pixels }) => [width, height, ...pixels]);
  if (icon.length > 0) screen.setWords(window, atoms._NET_WM_ICON, atoms.CARDINAL, icon);
}

export function setTitle(screen: Screen, window: number, title: string): void {
  screen.setText(window, screen.atoms._NET_WM_NAME, title);
  screen.setText(window, screen.atoms.WM_NAME, title);
}

/** WM_NORMAL_HINTS: size, place if one was asked for, and the smallest size. */
export function setSizeHints(
  screen: Screen,
  window: number,
  { bounds, placed, minSize }: Pick<FrameOptions, 'bounds' | 'placed' | 'minSize'>,
): void {
  const { atoms } = screen;
  const flags = 8 | 16 | (placed ? 1 | 4 : 0);
  const size = [bounds.x, bounds.y, bounds.width, bounds.height];
  // Largest size, steps, aspect, base size and gravity: not set.
  const rest = Array.from({ length: 11 }, () => 0);
  const words = [flags, ...size, minSize.width, minSize.height, ...rest];
  screen.setWords(window, atoms.WM_NORMAL_HINTS, atoms.WM_SIZE_HINTS, words);
}
