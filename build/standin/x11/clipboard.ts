import { encodeSelectionNotify, type XEvent } from './events.ts';
import * as x from './requests.ts';
import type { Screen } from './screen.ts';

/** How long another program may take to hand its text over, in milliseconds. */
const patienceMs = 2_000;

/** The CLIPBOARD selection (ICCCM 2): text of ours is handed out on request, text of others is asked for. */
export class Clipboard {
  readonly #screen: Screen;
  readonly #window: number;
  #text: string | null = null;

  constructor(screen: Screen) {
    this.#screen = screen;
    this.#window = screen.connection.newId();
    const at = { x: 0, y: 0, width: 1, height: 1 };
    const eventMask = x.eventMask.propertyChange;
    screen.connection.send(x.createWindow(this.#window, screen.root, at, { overrideRedirect: true, eventMask }));
    screen.connection.listen((event) => this.#onEvent(event));
  }

  writeText(text: string): void {
    this.#text = text;
    this.#screen.connection.send(x.setSelectionOwner(this.#window, this.#screen.atoms.CLIPBOARD, 0));
  }

  /** Empty where nothing, or no text, was copied. */
  async readText(): Promise<string> {
    if (this.#text !== null) return this.#text;
    const { connection, atoms } = this.#screen;
    return new Promise((resolve) => {
      const parts: Buffer[] = [];
      const finish = (): void => {
        clearTimeout(timer);
        stop();
        resolve(Buffer.concat(parts).toString('utf8'));
      };
      const timer = setTimeout(finish, patienceMs);
      let incremental = false;
      const take = async (): Promise<void> => {
        const { type, value } = await this.#takeProperty();
        if (type === atoms.INCR) incremental = true;
        else if (!incremental || value.length === 0) {
          parts.push(value);
          finish();
        } else parts.push(value);
      };
      const stop = connection.listen((event) => {
        if (event.type === 'selectionNotify' && event.selection === atoms.CLIPBOARD) {
          if (event.property === 0) finish();
          else void take();
        }
        const isNextPart = event.type === 'property' && event.window === this.#window && !event.deleted;
        if (incremental && isNextPart && event.atom === atoms.STANDIN_SELECTION) void take();
      });
      connection.send(x.convertSelection(this.#window, atoms.CLIPBOARD, atoms.UTF8_STRING, atoms.STANDIN_SELECTION));
    });
  }

  async #takeProperty(): Promise<{ readonly type: number; readonly value: Buffer }> {
    const reply = await this.#screen.connection.ask(
      x.getProperty(this.#window, this.#screen.atoms.STANDIN_SELECTION, true),
    );
    if (reply === null) return { type: 0, value: Buffer.alloc(0) };
    const length = reply.readUInt32LE(16) * (reply.readUInt8(1) / 8);
    return { type: reply.readUInt32LE(8), value: Buffer.from(reply.subarray(32, 32 + length)) };
  }

  #onEvent(event: XEvent): void {
    if (event.type === 'selectionClear' && event.selection === this.#screen.atoms.CLIPBOARD) this.#text = null;
    if (event.type === 'selectionRequest') this.#answer(event);
  }

  #answer(request: Extract<XEvent, { type: 'selectionRequest' }>): void {
    const { connection, atoms } = this.#screen;
    const { requestor, target } = request;
    // Old clients name no property and mean the target's name.
    const property = request.property === 0 ? target : request.property;
    let answered = property;
    if (target === atoms.TARGETS)
      this.#screen.setWords(requestor, property, atoms.ATOM, [atoms.TARGETS, atoms.UTF8_STRING]);
    else if (target === atoms.UTF8_STRING && this.#text !== null) this.#screen.setText(requestor, property, this.#text);
    else answered = 0;
    connection.send(x.sendEvent(requestor, 0, encodeSelectionNotify({ ...request, property: answered })));
  }
}
