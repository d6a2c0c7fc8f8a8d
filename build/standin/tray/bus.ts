import { sessionBus, type MessageBus } from '@jellybrick/dbus-next';
import type { EventEmitter } from 'node:events';

/** A connection to the session bus, or null where there is none: no tray and no notifications then. */
export function connectSessionBus(onLost: () => void): MessageBus | null {
  if (process.env['DBUS_SESSION_BUS_ADDRESS'] === undefined) return null;
  const bus = sessionBus();
  onBusError(bus, onLost);
  return bus;
}

/** Interface members as the D-Bus library wants them declared. */
export const readable = (signature: string): { readonly signature: string; readonly access: 'read' } => ({
  signature,
  access: 'read',
});

/** The library raises `error`, though its types do not say so. */
export function onBusError(bus: MessageBus, listener: () => void): void {
  (bus as unknown as EventEmitter).on('error', listener);
}

/**
 * Gives an exported interface its members back. The library writes them to the class's prototype, and its own constructor
 * then hides them behind empty fields of the instance (seen in 0.11.3): the bus would show an interface with nothing in it.
 */
export function showMembers(exported: object): void {
  for (const name of ['$properties', '$methods', '$signals']) Reflect.deleteProperty(exported, name);
}
