import type { Screen } from './screen.ts';

/** Version of the drag protocol that both sides speak (https://www.freedesktop.org/wiki/Specifications/XDND). */
const xdndVersion = 5;

/**
 * Passes a drag over our frame on to Chromium's window inside it. Sources look for a drop target among the windows that
 * the window manager knows, which is ours; toward Chromium we stand for the source. The data itself goes from the source
 * to Chromium without us, through the selection.
 */
export class DragRelay {
  /** Chromium's window. */
  target: number | null = null;
  readonly #screen: Screen;
  readonly #frame: number;
  #source = 0;
  #entered = false;
  /** Messages that came while the list of types was being copied. */
  readonly #waiting: { readonly atom: number; readonly data: readonly number[] }[] = [];

  constructor(screen: Screen, frame: number) {
    this.#screen = screen;
    this.#frame = frame;
    screen.setWords(frame, screen.atoms.XdndAware, screen.atoms.ATOM, [xdndVersion]);
  }

  /** True where the message was one of the drag protocol. */
  handle(atom: number, data: readonly number[]): boolean {
    const { atoms } = this.#screen;
    const [first = 0, ...rest] = data;
    switch (atom) {
      case atoms.XdndEnter:
        void this.#enter(first, rest);
        return true;
      case atoms.XdndPosition:
      case atoms.XdndLeave:
      case atoms.XdndDrop:
        this.#forward(atom, rest);
        return true;
      case atoms.XdndStatus:
      case atoms.XdndFinished:
        this.#screen.tellWindow(this.#source, this.#source, atom, [this.#frame, ...rest]);
        return true;
      default:
        return false;
    }
  }

  /** More than three types are listed on the source's window, so they are copied to ours first. */
  async #enter(source: number, rest: readonly number[]): Promise<void> {
    this.#source = source;
    const hasList = ((rest[0] ?? 0) & 1) === 1;
    if (hasList) {
      const { atoms } = this.#screen;
      const types = await this.#screen.readWords(source, atoms.XdndTypeList);
      this.#screen.setWords(this.#frame, atoms.XdndTypeList, atoms.ATOM, types);
    }
    this.#entered = true;
    this.#forward(this.#screen.atoms.XdndEnter, rest);
    for (const { atom, data } of this.#waiting.splice(0)) this.#forward(atom, data);
  }

  #forward(atom: number, rest: readonly number[]): void {
    if (this.target === null) return;
    if (!this.#entered) {
      this.#waiting.push({ atom, data: rest });
      return;
    }
    const { atoms } = this.#screen;
    if (atom === atoms.XdndLeave || atom === atoms.XdndDrop) this.#entered = false;
    this.#screen.tellWindow(this.target, this.target, atom, [this.#frame, ...rest]);
  }
}
