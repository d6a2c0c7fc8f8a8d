import { readFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { assert, integer, property, record, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { toPixmap } from '../tray/item-service.ts';
import { NativeImage } from './native-image.ts';
import { decodePng, encodePng } from './png.ts';
import { resize } from './resize.ts';

const icons = path.resolve(import.meta.dirname, '../../icons');

test('a picture survives being encoded and decoded', () => {
  const pictures = record({ width: integer({ min: 1, max: 9 }), height: integer({ min: 1, max: 9 }) }).chain(
    ({ width, height }) =>
      uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 }).map((rgba) => ({
        width,
        height,
        rgba,
      })),
  );
  assert(
    property(pictures, (picture) => {
      expect(decodePng(encodePng(picture))).toEqual(picture);
    }),
  );
});

/** A PNG by hand, of one row. */
function toPng(
  colorType: number,
  depth: number,
  row: readonly number[],
  width: number,
  extra: readonly [string, Buffer][] = [],
): Buffer {
  const whole = encodePng({ width, height: 1, rgba: new Uint8Array(width * 4) });
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(1, 4);
  head.set([depth, colorType], 8);
  const chunk = (type: string, data: Buffer): Buffer => {
    const bytes = Buffer.alloc(12 + data.length);
    bytes.writeUInt32BE(data.length, 0);
    bytes.write(type, 4, 'latin1');
    data.copy(bytes, 8);
    return bytes;
  };
  const parts = [
    chunk('IHDR', head),
    ...extra.map(([type, data]) => chunk(type, data)),
    chunk('IDAT', deflateSync(Buffer.from([0, ...row]))),
  ];
  return Buffer.concat([whole.subarray(0, 8), ...parts]);
}

test('gray, palette, colour and their depths are read', () => {
  const rgba = (png: Buffer): number[] => [...(decodePng(png)?.rgba ?? [])];
  expect(rgba(toPng(0, 8, [7], 1))).toEqual([7, 7, 7, 255]);
  expect(rgba(toPng(4, 8, [7, 9], 1))).toEqual([7, 7, 7, 9]);
  expect(rgba(toPng(2, 8, [1, 2, 3], 1))).toEqual([1, 2, 3, 255]);
  expect(rgba(toPng(0, 1, [0b1000_0000], 2))).toEqual([255, 255, 255, 255, 0, 0, 0, 255]);
  const palette: readonly [string, Buffer][] = [
    ['PLTE', Buffer.from([1, 2, 3, 4, 5, 6])],
    ['tRNS', Buffer.from([128])],
  ];
  expect(rgba(toPng(3, 4, [0x01], 2, palette))).toEqual([1, 2, 3, 128, 4, 5, 6, 255]);
});

test('what is no PNG, or a broken one, is null', () => {
  const png = encodePng({ width: 3, height: 3, rgba: new Uint8Array(36) });
  expect(decodePng(Buffer.from('GIF89a'))).toBeNull();
  expect(decodePng(Buffer.alloc(0))).toBeNull();
  for (let length = 0; length < png.length - 16; length += 1) expect(decodePng(png.subarray(0, length))).toBeNull();
});

test('scaling keeps what is even, and halves a chessboard to gray', () => {
  const red = { width: 4, height: 4, rgba: Uint8Array.from(Array.from({ length: 16 }, () => [200, 0, 0, 255]).flat()) };
  expect([...resize(red, 3, 3).rgba.subarray(0, 4)]).toEqual([200, 0, 0, 255]);
  const board = { width: 2, height: 1, rgba: Uint8Array.from([0, 0, 0, 255, 255, 255, 255, 255]) };
  expect([...resize(board, 1, 1).rgba]).toEqual([128, 128, 128, 255]);
  // What is transparent has no say in the colour.
  const half = { width: 2, height: 1, rgba: Uint8Array.from([10, 20, 30, 255, 255, 255, 255, 0]) };
  expect([...resize(half, 1, 1).rgba]).toEqual([10, 20, 30, 128]);
});

test('a tray icon has its sizes for scaled screens beside it', () => {
  const image = NativeImage.createFromPath(path.join(icons, 'tray-idle-22.png'));
  expect([image.isEmpty(), image.getScaleFactors(), image.getSize(), image.getSize(2)]).toEqual([
    false,
    [1, 2],
    { width: 22, height: 22 },
    { width: 44, height: 44 },
  ]);
  expect(NativeImage.createFromPath(path.join(icons, 'none.png')).isEmpty()).toBe(true);
  const url = `data:image/png;base64,${readFileSync(path.join(icons, 'tray-idle-22.png')).toString('base64')}`;
  expect(NativeImage.createFromDataURL(url).getSize()).toEqual({ width: 22, height: 22 });
  expect(decodePng(image.toPNG())?.width).toBe(22);
  expect(image.resize({ width: 11 }).getSize()).toEqual({ width: 11, height: 11 });
});

test('a pixmap has its bytes in network order', () => {
  const [width, height, argb] = toPixmap({ width: 1, height: 1, rgba: Uint8Array.from([1, 2, 3, 4]) });
  expect([width, height, [...argb]]).toEqual([1, 1, [4, 1, 2, 3]]);
});
