import { WebglAddon } from '@xterm/addon-webgl';
import type { Terminal } from '@xterm/xterm';

/** Renderers that draw on the processor: slower than the DOM, and each of them eats a core. */
const softwareRenderer = /swiftshader|llvmpipe|softpipe|software|basic render|swrast/iu;

/** Whether a WebGL renderer's unmasked name is a graphics card; an unknown one is not trusted to be. */
export const isGraphicsCard = (name: string | null): boolean =>
  name !== null && name !== '' && !softwareRenderer.test(name);

let known: boolean | null = null;

/** Asks once in a window's life. */
function hasGraphicsCard(): boolean {
  known ??= isGraphicsCard(readRendererName());
  return known;
}

function readRendererName(): string | null {
  const context = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  if (context === null) return null;
  const info = context.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = info === null ? null : context.getParameter(info.UNMASKED_RENDERER_WEBGL);
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return typeof name === 'string' ? name : null;
}

/**
 * Draws an opened terminal with WebGL where there is a graphics card; the DOM renderer serves otherwise, and from the
 * moment the card's context is lost.
 * @returns the way back to the DOM renderer
 */
export function drawWithCard(terminal: Terminal): () => void {
  if (!hasGraphicsCard()) return () => {};
  let addon: WebglAddon | null = new WebglAddon();
  const stop = (): void => {
    addon?.dispose();
    addon = null;
  };
  addon.onContextLoss(stop);
  terminal.loadAddon(addon);
  return stop;
}
