import { readFileSync } from 'node:fs';
import path from 'node:path';
import { NativeImage } from '../image/native-image.ts';
import { runtimeName } from '../runtime/version.ts';
import { UnimplementedError } from '../runtime/unimplemented.ts';
import type { FrameOptions } from '../x11/frame-properties.ts';

type Options = Electron.BrowserWindowConstructorOptions;

const known = new Set([
  'width',
  'height',
  'x',
  'y',
  'minWidth',
  'minHeight',
  'show',
  'title',
  'icon',
  'backgroundColor',
  'webPreferences',
]);
const knownPreferences = new Set(['preload', 'sandbox', 'contextIsolation', 'nodeIntegration', 'webSecurity']);

/** Electron's defaults are the only values that Chromium can give. */
const fixedPreferences = { sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true };

/** @throws where an option is one that the stand-in does not have */
export function checkOptions(options: Options): void {
  for (const name of Object.keys(options))
    if (!known.has(name)) throw new UnimplementedError(`BrowserWindow's option '${name}'`);
  const preferences: Record<string, unknown> = { ...options.webPreferences };
  for (const [name, value] of Object.entries(preferences)) {
    if (!knownPreferences.has(name)) throw new UnimplementedError(`webPreferences.${name}`);
    const fixed = (fixedPreferences as Record<string, unknown>)[name];
    if (fixed !== undefined && value !== fixed)
      throw new UnimplementedError(`webPreferences.${name}: ${String(value)}`);
  }
}

/** Every window says what runs it. */
export const toWindowTitle = (title: string): string => `${title} — ${runtimeName}`;

export function toFrameOptions(
  options: Options,
  title: string,
  className: string,
  screen: { width: number; height: number },
): FrameOptions {
  const { width = 800, height = 600, x, y, minWidth = 1, minHeight = 1 } = options;
  const centered = { x: Math.max(0, (screen.width - width) >> 1), y: Math.max(0, (screen.height - height) >> 1) };
  return {
    title: toWindowTitle(title),
    bounds: {
      x: x ?? centered.x,
      y: y ?? centered.y,
      width: Math.max(width, minWidth),
      height: Math.max(height, minHeight),
    },
    placed: x !== undefined && y !== undefined,
    minSize: { width: minWidth, height: minHeight },
    background: toPixel(options.backgroundColor ?? '#ffffff'),
    icons: toIcons(options.icon),
    className,
  };
}

export function toPixel(color: string): number {
  const match = /^#(?:[\da-f]{2})?([\da-f]{6})$/i.exec(color);
  if (match?.[1] === undefined) throw new UnimplementedError(`the colour '${color}' (only #RRGGBB and #AARRGGBB)`);
  return Number.parseInt(match[1], 16);
}

/** Larger icons would not fit into one X request. */
const iconSize = 64;

function toIcons(icon: Options['icon']): FrameOptions['icons'] {
  const image =
    typeof icon === 'string' ? NativeImage.createFromPath(icon) : (icon as unknown as NativeImage | undefined);
  if (image === undefined || image.isEmpty()) return [];
  const { width, height, rgba } = NativeImage.pixelsOf(image, iconSize);
  const channel = (at: number): number => rgba[at] ?? 0;
  const pixels: number[] = [];
  for (let at = 0; at < width * height * 4; at += 4) {
    pixels.push(((channel(at + 3) << 24) | (channel(at) << 16) | (channel(at + 1) << 8) | channel(at + 2)) >>> 0);
  }
  return [{ width, height, pixels }];
}

/** The preload script's text; none where the window has none. */
export function readPreload(options: Options): { readonly text: string; readonly file: string } {
  const file = options.webPreferences?.preload;
  if (file === undefined) return { text: '', file: 'preload' };
  if (!path.isAbsolute(file)) throw new Error(`preload script must have absolute path: ${file}`);
  return { text: readFileSync(file, 'utf8'), file };
}
