import { sessionBus, type Message, MessageType } from '@jellybrick/dbus-next';
import { BusInterface, readable } from '../tray/bus.ts';
import { call } from '../tray/registration.ts';

const name = 'org.kde.StatusNotifierWatcher';

/** The desktop's part of tray icons: keeps the list that items register in. */
class WatcherService extends BusInterface {
  readonly IsStatusNotifierHostRegistered = true;
  readonly ProtocolVersion = 0;
  RegisteredStatusNotifierItems: string[] = [];

  constructor() {
    super(name);
  }

  RegisterStatusNotifierItem(item: string): void {
    const full = item.includes('/') ? item : `${item}/StatusNotifierItem`;
    if (this.RegisteredStatusNotifierItems.includes(full)) return;
    this.RegisteredStatusNotifierItems.push(full);
    this.StatusNotifierItemRegistered(full);
  }

  RegisterStatusNotifierHost(_host: string): void {}

  forget(busName: string): void {
    const gone = this.RegisteredStatusNotifierItems.filter((item) => item.startsWith(`${busName}/`));
    this.RegisteredStatusNotifierItems = this.RegisteredStatusNotifierItems.filter((item) => !gone.includes(item));
    for (const item of gone) this.StatusNotifierItemUnregistered(item);
  }

  // Signals: what they return is sent.
  StatusNotifierItemRegistered(item: string): string {
    return item;
  }

  StatusNotifierItemUnregistered(item: string): string {
    return item;
  }
}

WatcherService.configureMembers({
  properties: {
    IsStatusNotifierHostRegistered: readable('b'),
    ProtocolVersion: readable('i'),
    RegisteredStatusNotifierItems: readable('as'),
  },
  methods: {
    RegisterStatusNotifierItem: { inSignature: 's' },
    RegisterStatusNotifierHost: { inSignature: 's' },
  },
  signals: {
    StatusNotifierItemRegistered: { signature: 's' },
    StatusNotifierItemUnregistered: { signature: 's' },
  },
});

export interface Watcher {
  stop(): Promise<void>;
}

/** A tray that nobody sees; tray-client.ts reads and clicks what is in it. */
export async function startWatcher(busAddress: string): Promise<Watcher> {
  const bus = sessionBus({ busAddress });
  const watcher = new WatcherService();
  bus.export('/StatusNotifierWatcher', watcher);
  bus.on('message', ({ type, member, body }: Message) => {
    if (type !== MessageType.SIGNAL || member !== 'NameOwnerChanged') return;
    const [changed = '', , newOwner] = body as string[];
    if (newOwner === '') watcher.forget(changed);
  });
  const dbus = 'org.freedesktop.DBus';
  await call(bus, dbus, '/org/freedesktop/DBus', dbus, 'AddMatch', 's', ["type='signal',member='NameOwnerChanged'"]);
  await bus.requestName(name);
  const stop = async (): Promise<void> => {
    await bus.releaseName(name);
    bus.disconnect();
  };
  return { stop };
}
