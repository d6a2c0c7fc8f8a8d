import { Message, MessageType, type MessageBus } from '@jellybrick/dbus-next';

const watcher = 'org.kde.StatusNotifierWatcher';

/** Tells the desktop's tray of an icon: now, and whenever the tray comes (back). A desktop without one is told nothing. */
export async function keepRegistered(bus: MessageBus, name: string): Promise<void> {
  const register = (): void => {
    call(bus, watcher, '/StatusNotifierWatcher', watcher, 'RegisterStatusNotifierItem', 's', [name]).catch(
      () => undefined,
    );
  };
  bus.on('message', (message: Message) => {
    const isOwnerChange = message.type === MessageType.SIGNAL && message.member === 'NameOwnerChanged';
    const [changed, , newOwner] = message.body as string[];
    if (isOwnerChange && changed === watcher && newOwner !== '') register();
  });
  const rule = `type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='${watcher}'`;
  await call(bus, 'org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'AddMatch', 's', [rule]);
  register();
}

export async function call(
  bus: MessageBus,
  destination: string,
  path: string,
  interfaceName: string,
  member: string,
  signature: string,
  body: unknown[],
): Promise<unknown[]> {
  const reply = await bus.call(new Message({ destination, path, interface: interfaceName, member, signature, body }));
  return reply?.body ?? [];
}
