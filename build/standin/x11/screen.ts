import { internAtoms, type Atoms } from './atoms.ts';
import { XConnection } from './connection.ts';
import { encodeMessage } from './events.ts';
import { changeAttributes, changeProperty, eventMask, getProperty, queryClientPid, sendEvent } from './requests.ts';

/** The screen our windows are on: the connection with its names, and the few things that every user of it does. */
export class Screen {
  readonly connection: XConnection;
  readonly atoms: Atoms;
  /** Opcode of X-Resource, which tells whose a window is. */
  readonly #resourceExtension: number | null;

  private constructor(connection: XConnection, atoms: Atoms, resourceExtension: number | null) {
    this.connection = connection;
    this.atoms = atoms;
    this.#resourceExtension = resourceExtension;
    // Windows that Chromium makes are seen as they come into being.
    connection.send(changeAttributes(connection.root, { eventMask: eventMask.substructureNotify }));
  }

  /** @throws where there is no display */
  static async open(environment: NodeJS.ProcessEnv, onLost: (reason: string) => void): Promise<Screen> {
    const connection = await XConnection.open(environment, onLost);
    return new Screen(connection, await internAtoms(connection), await connection.extension('X-Resource'));
  }

  get root(): number {
    return this.connection.root;
  }

  /** The process that made a window; null where the server can't tell. */
  async pidOf(window: number): Promise<number | null> {
    if (this.#resourceExtension === null) return null;
    const reply = await this.connection.ask(queryClientPid(this.#resourceExtension, window));
    // One record: client, mask, length in bytes, then the pid.
    return reply !== null && reply.readUInt32LE(8) > 0 ? reply.readUInt32LE(44) : null;
  }

  async hasWindowManager(): Promise<boolean> {
    return (await this.readWords(this.root, this.atoms._NET_SUPPORTING_WM_CHECK)).length > 0;
  }

  setWords(window: number, property: number, type: number, words: readonly number[]): void {
    const value = Buffer.alloc(words.length * 4);
    for (const [index, word] of words.entries()) value.writeUInt32LE(word >>> 0, index * 4);
    this.connection.send(changeProperty(window, property, type, 32, value));
  }

  setText(window: number, property: number, text: string, type = this.atoms.UTF8_STRING): void {
    this.connection.send(changeProperty(window, property, type, 8, Buffer.from(text, 'utf8')));
  }

  /** Empty where the property is not there. */
  async readWords(window: number, property: number): Promise<readonly number[]> {
    const reply = await this.connection.ask(getProperty(window, property));
    if (reply === null || reply.readUInt8(1) !== 32) return [];
    const count = reply.readUInt32LE(16);
    return Array.from({ length: count }, (_none, index) => reply.readUInt32LE(32 + index * 4));
  }

  /** Empty where the property is not there. */
  async readText(window: number, property: number): Promise<string> {
    const reply = await this.connection.ask(getProperty(window, property));
    if (reply === null || reply.readUInt8(1) !== 8) return '';
    return reply.toString('utf8', 32, 32 + reply.readUInt32LE(16));
  }

  /** A request to the window manager, as EWMH sends them. */
  tellManager(window: number, message: number, data: readonly number[]): void {
    const mask = eventMask.substructureNotify | eventMask.substructureRedirect;
    this.connection.send(sendEvent(this.root, mask, encodeMessage(window, message, data)));
  }

  tellWindow(destination: number, window: number, message: number, data: readonly number[]): void {
    this.connection.send(sendEvent(destination, 0, encodeMessage(window, message, data)));
  }
}
