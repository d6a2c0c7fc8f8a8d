import type { XEvent } from './events.ts';
import type { Frame } from './frame.ts';
import type { Screen } from './screen.ts';

/** How long Chromium may take to make a window, in milliseconds: a machine under load needs seconds. */
const patienceMs = 20_000;

/**
 * Finds the window that Chromium makes for a frame and puts it there before it is shown. One frame is filled at a time,
 * so that the next new top-level window of Chromium's process is the one.
 */
export class WindowCatcher {
  readonly #screen: Screen;
  readonly #chromiumPid: number;

  constructor(screen: Screen, chromiumPid: number) {
    this.#screen = screen;
    this.#chromiumPid = chromiumPid;
  }

  /** Resolves once the frame has its window. @throws where none comes */
  async fill(frame: Frame): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`Chromium made no window within ${patienceMs / 1000} s`));
      }, patienceMs);
      const stop = this.#screen.connection.listen((event) => {
        void this.#isChromiums(event).then((window) => {
          if (window === null) return;
          clearTimeout(timer);
          stop();
          frame.adopt(window);
          resolve();
        });
      });
    });
  }

  async #isChromiums(event: XEvent): Promise<number | null> {
    // Helper windows for clipboards and the like are a pixel or ten wide.
    if (event.type !== 'created' || event.overrideRedirect || event.width < 50) return null;
    if (event.parent !== this.#screen.root) return null;
    const pid = await this.#screen.pidOf(event.window);
    return pid === null || pid === this.#chromiumPid ? event.window : null;
  }
}
