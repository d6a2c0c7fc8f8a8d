import type { Pixels } from './png.ts';

/** Scales by averaging the pixels that each new one covers, weighted by how much and by their alpha. */
export function resize(image: Pixels, width: number, height: number): Pixels {
  if (image.width === width && image.height === height) return image;
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1)
      rgba.set(average(image, x, y, image.width / width, image.height / height), (y * width + x) * 4);
  }
  return { width, height, rgba };
}

function average(image: Pixels, x: number, y: number, stepX: number, stepY: number): number[] {
  const sum = [0, 0, 0, 0];
  let area = 0;
  for (const [row, rowShare] of covered(y, stepY, image.height)) {
    for (const [column, columnShare] of covered(x, stepX, image.width)) {
      const share = rowShare * columnShare;
      const [red = 0, green = 0, blue = 0, alpha = 0] = image.rgba.subarray((row * image.width + column) * 4);
      for (const [channel, value] of [red, green, blue].entries())
        sum[channel] = (sum[channel] ?? 0) + value * alpha * share;
      sum[3] = (sum[3] ?? 0) + alpha * share;
      area += share;
    }
  }
  const [red = 0, green = 0, blue = 0, alpha = 0] = sum;
  return [
    ...[red, green, blue].map((value) => (alpha === 0 ? 0 : Math.round(value / alpha))),
    Math.round(alpha / area),
  ];
}

/** The old pixels under a new one, each with the share of it that is covered. */
function covered(index: number, step: number, length: number): readonly (readonly [at: number, share: number])[] {
  const start = index * step;
  const end = Math.min(length, start + step);
  const pixels: (readonly [number, number])[] = [];
  for (let at = Math.floor(start); at < end; at += 1) pixels.push([at, Math.min(at + 1, end) - Math.max(at, start)]);
  return pixels;
}
