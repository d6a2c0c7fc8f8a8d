import { guardPrototype, UnimplementedError } from '../runtime/unimplemented.ts';

type Handler = (request: Request) => Response | Promise<Response>;

/** Electron's `protocol`, of the one session that there is. */
export class Protocol {
  readonly #schemes = new Set<string>();
  readonly #handlers = new Map<string, Handler>();
  #isReady = false;

  registerSchemesAsPrivileged(customSchemes: Electron.CustomScheme[]): void {
    if (this.#isReady) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    for (const { scheme, privileges } of customSchemes) {
      if (privileges?.standard !== true || privileges.secure !== true) {
        throw new UnimplementedError(`the scheme '${scheme}' without the privileges standard and secure`);
      }
      this.#schemes.add(scheme);
    }
  }

  handle(scheme: string, handler: Handler): void {
    if (this.#handlers.has(scheme)) throw new Error(`Protocol already registered: ${scheme}`);
    if (!this.#schemes.has(scheme))
      throw new UnimplementedError(`protocol.handle of '${scheme}', which is not registered`);
    this.#handlers.set(scheme, handler);
  }

  unhandle(scheme: string): void {
    this.#handlers.delete(scheme);
  }

  isProtocolHandled(scheme: string): boolean {
    return this.#handlers.has(scheme);
  }

  static schemesOf(protocol: Protocol): ReadonlySet<string> {
    return protocol.#schemes;
  }

  static markReady(protocol: Protocol): void {
    protocol.#isReady = true;
  }

  /** null: nobody answers for that scheme. */
  static async answer(protocol: Protocol, scheme: string, request: Request): Promise<Response | null> {
    const handler = protocol.#handlers.get(scheme);
    return handler === undefined ? null : handler(request);
  }
}

guardPrototype(Protocol);
