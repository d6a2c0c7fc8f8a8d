/**
 * X11 core protocol requests as bytes, little-endian, the few that windows need. Field order as in "X Window System
 * Protocol", appendix B (https://www.x.org/releases/current/doc/xproto/x11protocol.html).
 */

/** Event masks. */
export const eventMask = {
  structureNotify: 1 << 17,
  substructureNotify: 1 << 19,
  substructureRedirect: 1 << 20,
  focusChange: 1 << 21,
  propertyChange: 1 << 22,
} as const;

export interface WindowAttributes {
  readonly backgroundPixel?: number;
  readonly overrideRedirect?: boolean;
  readonly eventMask?: number;
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Value list of CreateWindow and ChangeWindowAttributes: a bit mask, then one word per bit in bit order. */
function toAttributeWords({ backgroundPixel, overrideRedirect, eventMask: events }: WindowAttributes): number[] {
  const values: (readonly [bit: number, value: number])[] = [];
  if (backgroundPixel !== undefined) values.push([1 << 1, backgroundPixel]);
  if (overrideRedirect !== undefined) values.push([1 << 9, overrideRedirect ? 1 : 0]);
  if (events !== undefined) values.push([1 << 11, events]);
  return [values.reduce((mask, [bit]) => mask | bit, 0), ...values.map(([, value]) => value)];
}

/** A request: opcode, the byte beside it, then whole words; the length field is filled in. */
export function encodeRequest(opcode: number, data: number, words: readonly number[], tail?: Buffer): Buffer {
  const padded = tail === undefined ? 0 : Math.ceil(tail.length / 4) * 4;
  const bytes = Buffer.alloc(4 + words.length * 4 + padded);
  bytes.writeUInt8(opcode, 0);
  bytes.writeUInt8(data, 1);
  bytes.writeUInt16LE(bytes.length / 4, 2);
  for (const [index, word] of words.entries()) bytes.writeInt32LE(word | 0, 4 + index * 4);
  tail?.copy(bytes, 4 + words.length * 4);
  return bytes;
}

/** Two 16-bit values in one word. */
const pair = (low: number, high: number): number => (low & 0xff_ff) | (high << 16);

export const createWindow = (id: number, parent: number, at: Rectangle, attributes: WindowAttributes): Buffer =>
  // Depth, class and visual 0: copied from the parent.
  encodeRequest(1, 0, [
    id,
    parent,
    pair(at.x, at.y),
    pair(at.width, at.height),
    pair(0, 1),
    0,
    ...toAttributeWords(attributes),
  ]);

export const changeAttributes = (window: number, attributes: WindowAttributes): Buffer =>
  encodeRequest(2, 0, [window, ...toAttributeWords(attributes)]);

export const destroyWindow = (window: number): Buffer => encodeRequest(4, 0, [window]);
export const mapWindow = (window: number): Buffer => encodeRequest(8, 0, [window]);
export const unmapWindow = (window: number): Buffer => encodeRequest(10, 0, [window]);

export const reparentWindow = (window: number, parent: number, x: number, y: number): Buffer =>
  encodeRequest(7, 0, [window, parent, pair(x, y)]);

/** Moves and resizes; what is not named stays. */
export function configureWindow(window: number, { x, y, width, height }: Partial<Rectangle>): Buffer {
  const values = [x, y, width, height].map((value, bit) => [1 << bit, value] as const);
  const named = values.filter((entry): entry is readonly [number, number] => entry[1] !== undefined);
  const mask = named.reduce((sum, [bit]) => sum | bit, 0);
  return encodeRequest(12, 0, [window, mask, ...named.map(([, value]) => value)]);
}

export const raiseWindow = (window: number): Buffer => encodeRequest(12, 0, [window, 1 << 6, 0]);

export const internAtom = (name: string): Buffer =>
  encodeRequest(16, 0, [pair(name.length, 0)], Buffer.from(name, 'latin1'));

/** `format` is the size of one element in bits. */
export const changeProperty = (window: number, property: number, type: number, format: 8 | 32, value: Buffer): Buffer =>
  encodeRequest(18, 0, [window, property, type, format, value.length / (format / 8)], value);

export const deleteProperty = (window: number, property: number): Buffer => encodeRequest(19, 0, [window, property]);

/** The whole property; with `remove` it is deleted as it is read, which asks for the next part of an INCR transfer. */
export const getProperty = (window: number, property: number, remove = false): Buffer =>
  encodeRequest(20, remove ? 1 : 0, [window, property, 0, 0, 0x1f_ff_ff_ff]);

export const setSelectionOwner = (window: number, selection: number, time: number): Buffer =>
  encodeRequest(22, 0, [window, selection, time]);

export const getSelectionOwner = (selection: number): Buffer => encodeRequest(23, 0, [selection]);

export const convertSelection = (requestor: number, selection: number, target: number, property: number): Buffer =>
  encodeRequest(24, 0, [requestor, selection, target, property, 0]);

export const sendEvent = (destination: number, mask: number, event: Buffer): Buffer =>
  encodeRequest(25, 0, [destination, mask], event);

export const translateCoordinates = (source: number, destination: number): Buffer =>
  encodeRequest(40, 0, [source, destination, 0]);

/** Focus goes back to the parent when the window goes away. */
export const setInputFocus = (window: number): Buffer => encodeRequest(42, 2, [window, 0]);

export const queryExtension = (name: string): Buffer =>
  encodeRequest(98, 0, [pair(name.length, 0)], Buffer.from(name, 'latin1'));

/** X-Resource 1.2 QueryClientIds: the process that owns a window. */
export const queryClientPid = (extension: number, window: number): Buffer =>
  encodeRequest(extension, 4, [1, window, 1 << 1]);
