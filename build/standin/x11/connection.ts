import { connect, type Socket } from 'node:net';
import { parseDisplay, readAuthority, type Authority } from './display.ts';
import { parseEvent, type XEvent } from './events.ts';
import { internAtom, queryExtension } from './requests.ts';

interface Pending {
  readonly resolve: (reply: Buffer | null) => void;
}

/**
 * One client of the X server: requests out, replies and events in. Requests without a reply are sent and forgotten, as
 * Xlib does: an error (a window that is gone already) is dropped.
 */
export class XConnection {
  readonly root: number;
  readonly screen: { readonly width: number; readonly height: number };
  readonly #socket: Socket;
  readonly #idBase: number;
  readonly #replies = new Map<number, Pending>();
  readonly #atoms = new Map<string, Promise<number>>();
  readonly #listeners = new Set<(event: XEvent) => void>();
  #nextId = 0;
  #sequence = 0;
  #input: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket, setup: Setup, onLost: (reason: string) => void) {
    this.#socket = socket;
    this.#idBase = setup.idBase;
    this.root = setup.root;
    this.screen = setup.screen;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => onLost(error.message));
    socket.on('close', () => onLost('the X server closed the connection'));
    if (setup.rest.length > 0) this.#read(setup.rest);
  }

  /** @throws where there is no display, or it refuses us */
  static async open(environment: NodeJS.ProcessEnv, onLost: (reason: string) => void): Promise<XConnection> {
    const address = parseDisplay(environment['DISPLAY']);
    const socket = connect(address.socket);
    try {
      const setup = await greet(socket, readAuthority(address.number, environment));
      return new XConnection(socket, setup, onLost);
    } catch (error) {
      socket.destroy();
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`Unable to open X display ${environment['DISPLAY'] ?? ''}: ${reason}`, { cause: error });
    }
  }

  newId(): number {
    this.#nextId += 1;
    return this.#idBase + this.#nextId;
  }

  send(request: Buffer): void {
    this.#sequence = (this.#sequence + 1) & 0xff_ff;
    if (this.#socket.writable) this.#socket.write(request);
  }

  /** The reply's bytes; null where the server answered with an error. */
  async ask(request: Buffer): Promise<Buffer | null> {
    this.send(request);
    const sequence = this.#sequence;
    return new Promise((resolve) => this.#replies.set(sequence, { resolve }));
  }

  /** The number of a name; asked once. */
  async atom(name: string): Promise<number> {
    const known = this.#atoms.get(name);
    if (known !== undefined) return known;
    const asked = this.ask(internAtom(name)).then((reply) => reply?.readUInt32LE(8) ?? 0);
    this.#atoms.set(name, asked);
    return asked;
  }

  /** Major opcode of an extension; null where the server does not have it. */
  async extension(name: string): Promise<number | null> {
    const reply = await this.ask(queryExtension(name));
    return reply !== null && reply.readUInt8(8) === 1 ? reply.readUInt8(9) : null;
  }

  /** Returns the way to stop. */
  listen(listener: (event: XEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#input = this.#input.length === 0 ? chunk : Buffer.concat([this.#input, chunk]);
    while (this.#input.length >= 32) {
      const code = this.#input.readUInt8(0);
      const carriesMore = code === 1 || (code & 0x7f) === 35;
      const length = carriesMore ? 32 + this.#input.readUInt32LE(4) * 4 : 32;
      if (this.#input.length < length) return;
      const message = this.#input.subarray(0, length);
      this.#input = this.#input.subarray(length);
      this.#dispatch(code, message);
    }
  }

  #dispatch(code: number, message: Buffer): void {
    if (code === 0 || code === 1) {
      const sequence = message.readUInt16LE(2);
      const pending = this.#replies.get(sequence);
      this.#replies.delete(sequence);
      pending?.resolve(code === 1 ? message : null);
      return;
    }
    const event = parseEvent(message);
    if (event !== null) for (const listener of this.#listeners) listener(event);
  }
}

interface Setup {
  readonly idBase: number;
  readonly root: number;
  readonly screen: { readonly width: number; readonly height: number };
  /** Bytes that came after the greeting. */
  readonly rest: Buffer;
}

async function greet(socket: Socket, authority: Authority): Promise<Setup> {
  const pad = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  const name = Buffer.from(authority.name, 'latin1');
  const head = Buffer.alloc(12);
  head.write('l', 0, 'latin1');
  head.writeUInt16LE(11, 2);
  head.writeUInt16LE(name.length, 6);
  head.writeUInt16LE(authority.data.length, 8);
  socket.write(Buffer.concat([head, pad(name), pad(authority.data)]));
  return new Promise((resolve, reject) => {
    let input = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      input = Buffer.concat([input, chunk]);
      if (input.length < 8) return;
      const length = 8 + input.readUInt16LE(6) * 4;
      if (input.length < length) return;
      socket.off('data', onData);
      socket.off('error', reject);
      if (input.readUInt8(0) === 1) resolve(parseSetup(input, length));
      else reject(new Error(input.subarray(8, 8 + input.readUInt8(1)).toString('latin1') || 'it refused us'));
    };
    socket.on('data', onData);
    socket.once('error', reject);
  });
}

function parseSetup(input: Buffer, length: number): Setup {
  const vendorLength = Math.ceil(input.readUInt16LE(24) / 4) * 4;
  const screen = 40 + vendorLength + input.readUInt8(29) * 8;
  return {
    idBase: input.readUInt32LE(12),
    root: input.readUInt32LE(screen),
    screen: { width: input.readUInt16LE(screen + 20), height: input.readUInt16LE(screen + 22) },
    rest: input.subarray(length),
  };
}
