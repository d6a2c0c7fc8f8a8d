import { encodeSelectionNotify, type XEvent } from '../x11/events.ts';
import { createWindow, sendEvent, setSelectionOwner } from '../x11/requests.ts';
import { Screen } from '../x11/screen.ts';

/** How long the target may take to answer, in milliseconds. */
const patienceMs = 10_000;

type Names = Readonly<Record<'selection' | 'uriList' | 'copy', number>>;

/**
 * A file manager's part of a drag: offers files to a window and drops them there, as the XDND protocol wants it
 * (https://www.freedesktop.org/wiki/Specifications/XDND).
 */
export class DragSource {
  readonly #screen: Screen;
  readonly #window: number;
  readonly #names: Names;
  #uris = '';

  private constructor(screen: Screen, names: Names) {
    this.#screen = screen;
    this.#names = names;
    this.#window = screen.connection.newId();
    screen.connection.send(
      createWindow(this.#window, screen.root, { x: 0, y: 0, width: 1, height: 1 }, { overrideRedirect: true }),
    );
    screen.connection.listen((event) => this.#onEvent(event));
  }

  static async open(env: NodeJS.ProcessEnv): Promise<DragSource> {
    const screen = await Screen.open(env, () => undefined);
    const atom = async (name: string): Promise<number> => screen.connection.atom(name);
    const names = {
      selection: await atom('XdndSelection'),
      uriList: await atom('text/uri-list'),
      copy: await atom('XdndActionCopy'),
    };
    return new DragSource(screen, names);
  }

  /** Drags over a window to a place on the screen and drops. Resolves when the target has taken the files. */
  async drop(window: number, at: { readonly x: number; readonly y: number }, files: readonly string[]): Promise<void> {
    const { connection, atoms } = this.#screen;
    const { selection, uriList, copy } = this.#names;
    this.#uris = files.map((file) => `file://${encodeURI(file)}\r\n`).join('');
    connection.send(setSelectionOwner(this.#window, selection, 0));
    const tell = (message: number, data: readonly number[]): void =>
      this.#screen.tellWindow(window, window, message, [this.#window, ...data]);
    tell(atoms.XdndEnter, [5 << 24, uriList, 0, 0]);
    // Targets look at a place more than once before they accept.
    for (let accepted = false; !accepted;) {
      const status = this.#answer(atoms.XdndStatus);
      tell(atoms.XdndPosition, [0, (at.x << 16) | at.y, 0, copy]);
      accepted = (((await status)[1] ?? 0) & 1) === 1;
    }
    const finished = this.#answer(atoms.XdndFinished);
    tell(atoms.XdndDrop, [0, 0]);
    await finished;
  }

  close(): void {
    this.#screen.connection.close();
  }

  async #answer(message: number): Promise<readonly number[]> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the drop target does not answer')), patienceMs);
      const stop = this.#screen.connection.listen((event) => {
        if (event.type !== 'message' || event.atom !== message) return;
        clearTimeout(timer);
        stop();
        resolve(event.data);
      });
    });
  }

  #onEvent(event: XEvent): void {
    if (event.type !== 'selectionRequest' || event.selection !== this.#names.selection) return;
    const isOurs = event.target === this.#names.uriList;
    if (isOurs) this.#screen.setText(event.requestor, event.property, this.#uris, this.#names.uriList);
    const property = isOurs ? event.property : 0;
    this.#screen.connection.send(sendEvent(event.requestor, 0, encodeSelectionNotify({ ...event, property })));
  }
}
