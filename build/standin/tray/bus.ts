import { interface as service, sessionBus, type MessageBus } from '@jellybrick/dbus-next';
import type { EventEmitter } from 'node:events';

/** A connection to the session bus, or null where there is none: no tray and no notifications then. */
export function connectSessionBus(onLost: () => void): MessageBus | null {
  if (process.env['DBUS_SESSION_BUS_ADDRESS'] === undefined) return null;
  const bus = sessionBus();
  onBusError(bus, onLost);
  return bus;
}

/** What is exported on the bus; its class names the members with `configureMembers`. */
export class BusInterface extends service.Interface {
  constructor(name: string) {
    super(name);
    // The library (0.11.3) declares these as fields, which hide what configureMembers put on the prototype.
    delete this.$properties;
    delete this.$methods;
    delete this.$signals;
  }
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
