import { GuardedEmitter, guarded } from '../runtime/unimplemented.ts';
import { Protocol } from './protocol.ts';

type RequestHandler = Parameters<Electron.Session['setPermissionRequestHandler']>[0];
type CheckHandler = Parameters<Electron.Session['setPermissionCheckHandler']>[0];
export interface PermissionHandlers {
  readonly request: RequestHandler;
  readonly check: CheckHandler;
}

/** Electron's session: the default one is the only one. */
export class Session extends GuardedEmitter {
  readonly #protocol = new Protocol();
  #handlers: PermissionHandlers = { request: null, check: null };
  #onPermissionChange = (): void => undefined;

  constructor() {
    super('session', []);
  }

  get protocol(): Electron.Protocol {
    return this.#protocol as unknown as Electron.Protocol;
  }

  setPermissionRequestHandler(handler: RequestHandler): void {
    this.#handlers = { ...this.#handlers, request: handler };
    this.#onPermissionChange();
  }

  setPermissionCheckHandler(handler: CheckHandler): void {
    this.#handlers = { ...this.#handlers, check: handler };
    this.#onPermissionChange();
  }

  static protocolOf(session: Session): Protocol {
    return session.#protocol;
  }

  static handlersOf(session: Session): PermissionHandlers {
    return session.#handlers;
  }

  static onPermissionChange(session: Session, listener: () => void): void {
    session.#onPermissionChange = listener;
  }
}

export const defaultSession = new Session();

/** Electron's `session` module. */
export const session = guarded('session', {
  defaultSession: defaultSession as unknown as Electron.Session,
});
