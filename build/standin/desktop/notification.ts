import { type Message, MessageType, type MessageBus, Variant } from '@jellybrick/dbus-next';
import { identity } from '../app/identity.ts';
import { GuardedEmitter, UnimplementedError } from '../runtime/unimplemented.ts';
import { connectSessionBus } from '../tray/bus.ts';
import { call } from '../tray/registration.ts';

const service = 'org.freedesktop.Notifications';
const path = '/org/freedesktop/Notifications';
const known = new Set(['title', 'body', 'silent', 'urgency', 'timeoutType']);
const urgencies = { low: 0, normal: 1, critical: 2 };

let bus: MessageBus | null | undefined;
const shown = new Map<number, Notification>();

/** One connection for all, made with the first. */
function connect(): MessageBus | null {
  if (bus !== undefined) return bus;
  bus = connectSessionBus(() => (bus = null));
  bus?.on('message', (message: Message) => {
    if (message.type !== MessageType.SIGNAL || message.interface !== service) return;
    // The answer that names the notification may have come in the same read: whoever awaits it goes first.
    setImmediate(() => Notification.onSignal(message.member, message.body[0] as number));
  });
  const rule = `type='signal',interface='${service}',path='${path}'`;
  const dbus = 'org.freedesktop.DBus';
  if (bus !== null) call(bus, dbus, '/org/freedesktop/DBus', dbus, 'AddMatch', 's', [rule]).catch(() => undefined);
  return bus;
}

/** Electron's Notification, through the desktop's notification service. */
export class Notification extends GuardedEmitter {
  readonly #options: Electron.NotificationConstructorOptions;
  #id: Promise<number> | null = null;

  constructor(options: Electron.NotificationConstructorOptions = {}) {
    super('Notification', ['show', 'click', 'close', 'failed']);
    for (const name of Object.keys(options))
      if (!known.has(name)) throw new UnimplementedError(`Notification's option '${name}'`);
    this.#options = options;
  }

  /** As on Linux everywhere: where there is a session bus, whoever answers on it. */
  static isSupported(): boolean {
    return process.env['DBUS_SESSION_BUS_ADDRESS'] !== undefined;
  }

  static onSignal(member: string, id: number): void {
    const notification = shown.get(id);
    if (member === 'ActionInvoked') notification?.emit('click', {});
    if (member !== 'NotificationClosed') return;
    shown.delete(id);
    notification?.emit('close', {});
  }

  get title(): string {
    return this.#options.title ?? '';
  }

  get body(): string {
    return this.#options.body ?? '';
  }

  show(): void {
    this.#id = this.#send();
    this.#id.catch((error: unknown) => this.emit('failed', {}, String(error)));
  }

  close(): void {
    this.#id?.then((id) => this.#call('CloseNotification', 'u', [id])).catch(() => undefined);
  }

  async #send(): Promise<number> {
    const { urgency = 'normal', silent = false, timeoutType } = this.#options;
    const hints = { urgency: new Variant('y', urgencies[urgency]), 'suppress-sound': new Variant('b', silent) };
    const timeoutMs = timeoutType === 'never' ? 0 : -1;
    const body = [identity.name, 0, '', this.title, this.body, ['default', ''], hints, timeoutMs];
    const [id] = await this.#call('Notify', 'susssasa{sv}i', body);
    shown.set(id as number, this);
    this.emit('show', {});
    return id as number;
  }

  async #call(member: string, signature: string, body: unknown[]): Promise<unknown[]> {
    const connection = connect();
    if (connection === null) throw new Error('there is no session bus');
    return call(connection, service, path, service, member, signature, body);
  }
}
