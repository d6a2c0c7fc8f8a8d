import { MessageType, systemBus, type Message } from '@jellybrick/dbus-next';
import { existsSync } from 'node:fs';
import { GuardedEmitter } from '../runtime/unimplemented.ts';
import { onBusError } from '../tray/bus.ts';
import { call } from '../tray/registration.ts';

/** Electron's `powerMonitor`, from systemd's logind. */
export class PowerMonitor extends GuardedEmitter {
  constructor() {
    super('powerMonitor', ['suspend', 'resume', 'lock-screen', 'unlock-screen', 'shutdown']);
  }

  static onSignal(monitor: PowerMonitor, { interface: name, member, body }: Message): void {
    if (name === 'org.freedesktop.login1.Manager' && member === 'PrepareForSleep') {
      monitor.emit(body[0] === true ? 'suspend' : 'resume');
    }
    if (name === 'org.freedesktop.login1.Session' && member === 'Lock') monitor.emit('lock-screen');
    if (name === 'org.freedesktop.login1.Session' && member === 'Unlock') monitor.emit('unlock-screen');
  }
}

export const powerMonitor = new PowerMonitor();

const socket = '/run/dbus/system_bus_socket';

/** Follows logind where there is a system bus; elsewhere nothing is ever told, as with Electron. */
export function watchPower(): void {
  if (!existsSync(socket) && process.env['DBUS_SYSTEM_BUS_ADDRESS'] === undefined) return;
  const bus = systemBus();
  onBusError(bus, () => undefined);
  bus.on('message', (message: Message) => {
    if (message.type === MessageType.SIGNAL) PowerMonitor.onSignal(powerMonitor, message);
  });
  const dbus = 'org.freedesktop.DBus';
  const rule = "type='signal',sender='org.freedesktop.login1'";
  call(bus, dbus, '/org/freedesktop/DBus', dbus, 'AddMatch', 's', [rule]).catch(() => undefined);
}
