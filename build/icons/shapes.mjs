/**
 * The icon's shapes as signed distances: negative inside, in units of the icon's width, the origin at its centre.
 * @typedef {(x: number, y: number) => number} Shape
 */

/** @param {number} half half its width @param {number} radius of its corners @returns {Shape} */
export const roundedSquare = (half, radius) => (x, y) => {
  const dx = Math.abs(x) - half + radius;
  const dy = Math.abs(y) - half + radius;
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
};

/** @param {number} cx @param {number} cy @param {number} radius @returns {Shape} */
export const disc = (cx, cy, radius) => (x, y) => Math.hypot(x - cx, y - cy) - radius;

/** A line with round ends. @param {[number, number]} from @param {[number, number]} to @param {number} width @returns {Shape} */
export const line =
  ([ax, ay], [bx, by], width) =>
  (x, y) => {
    const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
    const t = Math.min(1, Math.max(0, along));
    return Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)) - width / 2;
  };

/** @param {Shape[]} shapes @returns {Shape} */
export const union =
  (...shapes) =>
  (x, y) =>
    Math.min(...shapes.map((shape) => shape(x, y)));

/** @param {Shape} from @param {Shape} cut @returns {Shape} */
export const without = (from, cut) => (x, y) => Math.max(from(x, y), -cut(x, y));

/** The edge of a shape, inwards. @param {Shape} shape @param {number} width @returns {Shape} */
export const outline = (shape, width) => (x, y) => Math.max(shape(x, y), -shape(x, y) - width);

/** Samples per pixel and axis: enough for edges without steps. */
const samples = 6;

/**
 * Paints layers, later ones over earlier ones.
 * @param {number} size in pixels
 * @param {{ shape: Shape, color: [number, number, number] }[]} layers
 * @returns {Uint8Array} RGBA
 */
export function paint(size, layers) {
  const pixels = new Uint8Array(size * size * 4);
  for (let py = 0; py < size; py++) {
    for (let px = 0; px < size; px++) {
      let [red, green, blue, alpha] = [0, 0, 0, 0];
      for (const { shape, color } of layers) {
        const cover = coverage(shape, px, py, size);
        const rest = alpha * (1 - cover);
        const sum = cover + rest;
        if (sum === 0) continue;
        red = (color[0] * cover + red * rest) / sum;
        green = (color[1] * cover + green * rest) / sum;
        blue = (color[2] * cover + blue * rest) / sum;
        alpha = sum;
      }
      pixels.set([red, green, blue, alpha * 255].map(Math.round), (py * size + px) * 4);
    }
  }
  return pixels;
}

/** Part of a pixel that a shape covers. @param {Shape} shape @param {number} px @param {number} py @param {number} size */
function coverage(shape, px, py, size) {
  let inside = 0;
  for (let sy = 0; sy < samples; sy++) {
    for (let sx = 0; sx < samples; sx++) {
      const x = (px + (sx + 0.5) / samples) / size - 0.5;
      const y = (py + (sy + 0.5) / samples) / size - 0.5;
      if (shape(x, y) <= 0) inside++;
    }
  }
  return inside / samples ** 2;
}
