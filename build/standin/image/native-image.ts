import { readFileSync } from 'node:fs';
import { guardPrototype } from '../runtime/unimplemented.ts';
import { decodePng, encodePng, type Pixels } from './png.ts';
import { resize } from './resize.ts';

/** Files beside `icon.png` that hold it for scaled screens (https://www.electronjs.org/docs/latest/api/native-image). */
const scales = [1.25, 1.33, 1.4, 1.5, 1.8, 2, 2.5, 3, 4, 5];

/** Electron's NativeImage, of PNG files. */
export class NativeImage {
  /** By scale factor. */
  readonly #representations: ReadonlyMap<number, Pixels>;
  #template = false;

  private constructor(representations: ReadonlyMap<number, Pixels>) {
    this.#representations = representations;
  }

  static createEmpty(): NativeImage {
    return new NativeImage(new Map());
  }

  static createFromPath(file: string): NativeImage {
    const representations = new Map<number, Pixels>();
    for (const scale of [1, ...scales]) {
      const pixels = readPng(scale === 1 ? file : file.replace(/(\.[^./]*)?$/, `@${scale}x$1`));
      if (pixels !== null) representations.set(scale, pixels);
    }
    return new NativeImage(representations.has(1) ? representations : new Map());
  }

  static createFromBuffer(buffer: Buffer, options: Electron.CreateFromBufferOptions = {}): NativeImage {
    const pixels = decodePng(buffer);
    return new NativeImage(new Map(pixels === null ? [] : [[options.scaleFactor ?? 1, pixels]]));
  }

  static createFromDataURL(dataUrl: string): NativeImage {
    const data = /^data:image\/png;base64,(.*)$/.exec(dataUrl)?.[1];
    return NativeImage.createFromBuffer(Buffer.from(data ?? '', 'base64'));
  }

  /** The representation that scales best to the size, at that size. */
  static pixelsOf(image: NativeImage, size: number): Pixels {
    const all = [...image.#representations.values()].toSorted((one, other) => one.width - other.width);
    const best = all.find(({ width }) => width >= size) ??
      all.at(-1) ?? { width: 1, height: 1, rgba: new Uint8Array(4) };
    return resize(best, size, Math.max(1, Math.round((best.height / best.width) * size)));
  }

  static representationsOf(image: NativeImage): readonly Pixels[] {
    return [...image.#representations.values()];
  }

  isEmpty(): boolean {
    return this.#representations.size === 0;
  }

  getSize(scaleFactor = 1): Electron.Size {
    const pixels = this.#representations.get(scaleFactor) ?? this.#representations.get(1);
    return pixels === undefined ? { width: 0, height: 0 } : { width: pixels.width, height: pixels.height };
  }

  getScaleFactors(): number[] {
    return [...this.#representations.keys()];
  }

  toPNG(options: Electron.ToPNGOptions = {}): Buffer {
    const pixels = this.#representations.get(options.scaleFactor ?? 1) ?? this.#representations.get(1);
    return pixels === undefined ? Buffer.alloc(0) : encodePng(pixels);
  }

  resize(options: Electron.ResizeOptions): Electron.NativeImage {
    const { width, height } = this.getSize();
    const wanted = options.width ?? Math.round(((options.height ?? height) / height) * width);
    const pixels = resize(
      NativeImage.pixelsOf(this, width),
      wanted,
      options.height ?? Math.round((wanted / width) * height),
    );
    return new NativeImage(new Map([[1, pixels]])) as unknown as Electron.NativeImage;
  }

  /** A template is coloured by macOS; here it is only remembered. */
  setTemplateImage(option: boolean): void {
    this.#template = option;
  }

  isTemplateImage(): boolean {
    return this.#template;
  }
}

guardPrototype(NativeImage);

function readPng(file: string): Pixels | null {
  try {
    return decodePng(readFileSync(file));
  } catch {
    return null;
  }
}
