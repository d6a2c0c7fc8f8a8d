import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodePng } from './png.mjs';
import { disc, line, outline, paint, roundedSquare, union, without } from './shapes.mjs';

/**
 * Draws the app's and the tray's icons; the files it writes are committed. Run it after changing a shape:
 * node build/icons/make-icons.mjs
 */
const folder = import.meta.dirname;

/** @typedef {[number, number, number]} Color */
/** @type {Color} */
const black = [0, 0, 0];
/** Seen on light and on dark panels. @type {Color} */
const gray = [138, 144, 153];
/** @type {Color} */
const accent = [46, 108, 223];
/** @type {Color} */
const white = [255, 255, 255];

// Edges on whole pixels at 16 and 22: the square is 14/16 wide, its line 2/16.
const square = roundedSquare(0.4375, 0.14);
const prompt = union(
  line([-0.2, -0.14], [-0.06, 0], 0.1),
  line([-0.06, 0], [-0.2, 0.14], 0.1),
  line([0.04, 0.15], [0.22, 0.15], 0.1),
);
const mark = disc(0.29, -0.29, 0.2);

/** One shape each: outline, filled, filled with a dot. */
const states = {
  idle: union(outline(square, 0.1), prompt),
  running: without(square, prompt),
  attention: union(without(without(square, prompt), disc(0.29, -0.29, 0.28)), mark),
};

/** @param {string} name @param {number} size @param {Parameters<typeof paint>[1]} layers */
function write(name, size, layers) {
  writeFileSync(join(folder, name), encodePng(size, paint(size, layers)));
}

for (const [state, shape] of Object.entries(states)) {
  // Windows: 16 px, with 24 and 32 px for scaled screens.
  write(`tray-${state}-16.png`, 16, [{ shape, color: gray }]);
  write(`tray-${state}-16@1.5x.png`, 24, [{ shape, color: gray }]);
  write(`tray-${state}-16@2x.png`, 32, [{ shape, color: gray }]);
  // Linux panels: 22 px.
  write(`tray-${state}-22.png`, 22, [{ shape, color: gray }]);
  write(`tray-${state}-22@2x.png`, 44, [{ shape, color: gray }]);
  // macOS colours these itself.
  write(`tray-${state}-Template.png`, 16, [{ shape, color: black }]);
  write(`tray-${state}-Template@2x.png`, 32, [{ shape, color: black }]);
}
const plate = roundedSquare(0.46, 0.2);
const bigPrompt = union(
  line([-0.22, -0.16], [-0.06, 0], 0.09),
  line([-0.06, 0], [-0.22, 0.16], 0.09),
  line([0.02, 0.17], [0.24, 0.17], 0.09),
);
const app = [
  { shape: plate, color: accent },
  { shape: bigPrompt, color: white },
];
// What packages are given; window managers show a window's own at 16 to 64 px, and 16 times the pixels only cost its opening.
write('app.png', 512, app);
write('window.png', 128, app);
