import { EventEmitter } from 'node:events';
import { DragRelay } from './drag-relay.ts';
import { encodeConfigureNotify, encodeUnmapNotify, type XEvent } from './events.ts';
import { setFrameProperties, setSizeHints, setTitle, type FrameOptions } from './frame-properties.ts';
import * as x from './requests.ts';
import type { Rectangle } from './requests.ts';
import type { Screen } from './screen.ts';

/** ICCCM 4.1.3.1. */
const iconicState = 3;
/** Focus events that only say that focus moved between us and our own child, or passed through the pointer. */
const innerDetails = new Set([2, 5, 6, 7]);

interface FrameEvents {
  /** The close button, Alt-F4 or a taskbar's Close. */
  close: [];
  focus: [];
  blur: [];
  minimize: [];
  restore: [];
  move: [];
  resize: [];
}

/**
 * A top-level window of ours around one of Chromium's. The window manager sees ours only: it closes, hides, names and
 * sizes ours, so all of that is decided here and Chromium never learns of a close button. Toward Chromium's window we do
 * what a window manager does (ICCCM 4.1.5): reparent it and tell it where on the screen it is.
 */
export class Frame extends EventEmitter<FrameEvents> {
  readonly #screen: Screen;
  readonly #window: number;
  readonly #drag: DragRelay;
  readonly #stopListening: () => void;
  #child: number | null = null;
  readonly #minSize: FrameOptions['minSize'];
  #bounds: Rectangle;
  #placed: boolean;
  #mapped = false;
  #minimized = false;
  #focused = false;
  #destroyed = false;
  #wasShown = false;

  constructor(screen: Screen, options: FrameOptions) {
    super();
    this.#screen = screen;
    this.#bounds = options.bounds;
    this.#minSize = options.minSize;
    this.#placed = options.placed;
    this.#window = screen.connection.newId();
    const { structureNotify, substructureNotify, focusChange, propertyChange } = x.eventMask;
    screen.connection.send(
      x.createWindow(this.#window, screen.root, options.bounds, {
        backgroundPixel: options.background,
        eventMask: structureNotify | substructureNotify | focusChange | propertyChange,
      }),
    );
    setFrameProperties(screen, this.#window, options);
    this.#drag = new DragRelay(screen, this.#window);
    this.#stopListening = screen.connection.listen((event) => this.#onEvent(event));
  }

  get bounds(): Rectangle {
    return this.#bounds;
  }

  get isMapped(): boolean {
    return this.#mapped;
  }

  get isMinimized(): boolean {
    return this.#minimized;
  }

  get isFocused(): boolean {
    return this.#focused;
  }

  /** Takes Chromium's window in. */
  adopt(child: number): void {
    this.#child = child;
    this.#drag.target = child;
    // Window managers leave such windows alone, also where they hear only now that it was shown.
    this.#screen.connection.send(x.changeAttributes(child, { overrideRedirect: true }));
    this.#screen.connection.send(x.reparentWindow(child, this.#window, 0, 0));
    this.#fitChild();
    this.#tellVisibility();
  }

  map(): void {
    if (this.#destroyed) return;
    this.#mapped = true;
    if (this.#minimized) this.#setMinimized(false);
    this.#tellVisibility();
    this.#screen.connection.send(x.mapWindow(this.#window));
  }

  /** Withdraws the window: gone from screen, taskbar and window switcher (ICCCM 4.1.4). */
  unmap(): void {
    if (!this.#mapped || this.#destroyed) return;
    this.#mapped = false;
    const { connection, root } = this.#screen;
    const mask = x.eventMask.substructureNotify | x.eventMask.substructureRedirect;
    connection.send(x.unmapWindow(this.#window));
    connection.send(x.sendEvent(root, mask, encodeUnmapNotify(root, this.#window)));
    this.#tellVisibility();
  }

  minimize(): void {
    this.#screen.tellManager(this.#window, this.#screen.atoms.WM_CHANGE_STATE, [iconicState]);
  }

  /** Raises the window and gives it the keyboard. */
  activate(): void {
    void this.#activate();
  }

  async #activate(): Promise<void> {
    const { connection, atoms } = this.#screen;
    if (await this.#screen.hasWindowManager()) {
      // 2: a person asked for it, by the tray or by starting the app again (EWMH, _NET_ACTIVE_WINDOW).
      this.#screen.tellManager(this.#window, atoms._NET_ACTIVE_WINDOW, [2]);
      return;
    }
    connection.send(x.raiseWindow(this.#window));
    connection.send(x.setInputFocus(this.#window));
  }

  setBounds(bounds: Rectangle): void {
    this.#bounds = bounds;
    this.#placed = true;
    setSizeHints(this.#screen, this.#window, { bounds, placed: true, minSize: this.#minSize });
    this.#screen.connection.send(x.configureWindow(this.#window, bounds));
    this.#fitChild();
  }

  setTitle(title: string): void {
    setTitle(this.#screen, this.#window, title);
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#stopListening();
    this.#screen.connection.send(x.destroyWindow(this.#window));
  }

  #onEvent(event: XEvent): void {
    if (!('window' in event)) return;
    if (event.window === this.#child) this.#onChildEvent(event);
    if (event.window !== this.#window) return;
    switch (event.type) {
      case 'message':
        this.#onMessage(event.atom, event.data);
        break;
      case 'configured':
        void this.#onConfigured(event);
        break;
      case 'focusIn':
      case 'focusOut':
        this.#onFocus(event.type === 'focusIn', event.detail, event.mode);
        break;
      case 'property':
        if (event.atom === this.#screen.atoms.WM_STATE) void this.#onManagerState();
        break;
      default:
    }
  }

  /** Chromium may move or resize its window on its own account; ours decides. */
  #onChildEvent(event: XEvent): void {
    if (event.type === 'destroyed') this.#child = null;
    if (event.type === 'reparented' && event.parent !== this.#window) this.#reclaim(event.window);
    if (event.type !== 'configured' || event.synthetic) return;
    const { width, height } = this.#bounds;
    if (event.x !== 0 || event.y !== 0 || event.width !== width || event.height !== height) this.#fitChild();
  }

  /**
   * On a busy machine Chromium shows its window before we have it, and the window manager puts it into a frame of its own.
   * It is withdrawn there (ICCCM 4.1.4), and taken in. Letting go, the manager hands it to the root window, so this may
   * come twice.
   */
  #reclaim(child: number): void {
    const { connection, root } = this.#screen;
    const mask = x.eventMask.substructureNotify | x.eventMask.substructureRedirect;
    connection.send(x.unmapWindow(child));
    connection.send(x.sendEvent(root, mask, encodeUnmapNotify(root, child)));
    connection.send(x.reparentWindow(child, this.#window, 0, 0));
    connection.send(x.mapWindow(child));
    this.#fitChild();
    this.#tellVisibility();
  }

  #onMessage(atom: number, data: readonly number[]): void {
    const { atoms } = this.#screen;
    if (this.#drag.handle(atom, data) || atom !== atoms.WM_PROTOCOLS) return;
    if (data[0] === atoms.WM_DELETE_WINDOW) this.emit('close');
    // "Do you still live?" is answered by the same message, now about the root window. About ours it would come back to us.
    if (data[0] === atoms._NET_WM_PING) this.#screen.tellManager(this.#screen.root, atom, data);
  }

  async #onConfigured(event: Extract<XEvent, { type: 'configured' }>): Promise<void> {
    // While hidden, the window manager takes its own frame off, which moves the window for a moment.
    if (!this.#mapped) return;
    const before = this.#bounds;
    const at = event.synthetic ? event : await this.#positionOnScreen(event);
    this.#bounds = { x: at.x, y: at.y, width: event.width, height: event.height };
    this.#fitChild();
    if (before.width !== event.width || before.height !== event.height) this.emit('resize');
    if (this.#placed && (before.x !== at.x || before.y !== at.y)) this.emit('move');
    this.#placed = true;
  }

  async #positionOnScreen(event: { readonly x: number; readonly y: number }): Promise<{ x: number; y: number }> {
    const { connection, root } = this.#screen;
    const reply = await connection.ask(x.translateCoordinates(this.#window, root));
    return reply === null ? event : { x: reply.readInt16LE(12), y: reply.readInt16LE(14) };
  }

  #onFocus(isIn: boolean, detail: number, mode: number): void {
    // Modes 1 and 2: a keyboard grab begins or ends, as when a menu opens; focus stays where it was.
    if (innerDetails.has(detail) || mode === 1 || mode === 2) return;
    const landedOnUs = detail === 0 || detail === 3;
    if (isIn && landedOnUs && this.#child !== null) this.#screen.connection.send(x.setInputFocus(this.#child));
    if (isIn === this.#focused) return;
    this.#focused = isIn;
    this.emit(isIn ? 'focus' : 'blur');
  }

  async #onManagerState(): Promise<void> {
    const [state] = await this.#screen.readWords(this.#window, this.#screen.atoms.WM_STATE);
    if (state !== undefined && this.#mapped) this.#setMinimized(state === iconicState);
  }

  #setMinimized(minimized: boolean): void {
    if (minimized === this.#minimized) return;
    this.#minimized = minimized;
    this.#tellVisibility();
    this.emit(minimized ? 'minimize' : 'restore');
  }

  #fitChild(): void {
    if (this.#child === null) return;
    const { width, height } = this.#bounds;
    this.#screen.connection.send(x.configureWindow(this.#child, { x: 0, y: 0, width, height }));
    this.#screen.connection.send(x.sendEvent(this.#child, 0, encodeConfigureNotify(this.#child, this.#bounds)));
  }

  /**
   * Chromium takes a window with this state for minimised: the page's visibilityState becomes `hidden`, and it stops
   * drawing. A window that was never shown counts as visible, as Electron's `paintWhenInitiallyHidden` has it.
   */
  #tellVisibility(): void {
    this.#wasShown ||= this.#mapped;
    if (this.#child === null || !this.#wasShown) return;
    const { atoms } = this.#screen;
    const states = this.#mapped && !this.#minimized ? [] : [atoms._NET_WM_STATE_HIDDEN];
    this.#screen.setWords(this.#child, atoms._NET_WM_STATE, atoms.ATOM, states);
  }
}
