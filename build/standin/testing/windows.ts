import { Screen } from '../x11/screen.ts';

export interface ShownWindow {
  readonly window: number;
  readonly title: string;
}

/** What a person and their taskbar see of windows, through the window manager: which there are, and closing one by its button. */
export class Windows {
  readonly #screen: Screen;

  private constructor(screen: Screen) {
    this.#screen = screen;
  }

  static async open(env: NodeJS.ProcessEnv): Promise<Windows> {
    return new Windows(await Screen.open(env, () => undefined));
  }

  /** Windows that are shown or minimised; hidden ones are not among them. */
  async list(): Promise<readonly ShownWindow[]> {
    const { connection, root, atoms } = this.#screen;
    const managed = await this.#screen.readWords(root, await connection.atom('_NET_CLIENT_LIST'));
    return Promise.all(
      managed.map(async (window) => ({ window, title: await this.#screen.readText(window, atoms._NET_WM_NAME) })),
    );
  }

  /** Presses the close button of every window whose title begins so. */
  async close(title: string): Promise<void> {
    const message = await this.#screen.connection.atom('_NET_CLOSE_WINDOW');
    for (const { window } of await this.#named(title)) this.#screen.tellManager(window, message, [0, 2]);
  }

  async #named(title: string): Promise<readonly ShownWindow[]> {
    return (await this.list()).filter((one) => one.title.startsWith(title));
  }

  /** Sizes of a window's icons. */
  async iconSizes(window: number): Promise<readonly number[]> {
    const [width, height] = await this.#screen.readWords(window, this.#screen.atoms._NET_WM_ICON);
    return width === undefined || height === undefined ? [] : [width, height];
  }

  disconnect(): void {
    this.#screen.connection.close();
  }
}
