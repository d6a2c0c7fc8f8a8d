import { sessionBus, type Variant } from '@jellybrick/dbus-next';
import { BusInterface } from '../tray/bus.ts';

export interface ShownNotification {
  readonly id: number;
  readonly title: string;
  readonly body: string;
}

/** The desktop's part of notifications: keeps what was shown, and a test clicks it. */
class NotificationService extends BusInterface {
  readonly shown: ShownNotification[] = [];

  constructor() {
    super('org.freedesktop.Notifications');
  }

  Notify(
    _app: string,
    _replaces: number,
    _icon: string,
    title: string,
    body: string,
    _actions: readonly string[],
    _hints: Record<string, Variant>,
    _timeoutMs: number,
  ): number {
    const id = this.shown.length + 1;
    this.shown.push({ id, title, body });
    return id;
  }

  CloseNotification(id: number): void {
    this.NotificationClosed(id, 3);
  }

  GetCapabilities(): string[] {
    return ['body', 'actions'];
  }

  GetServerInformation(): [string, string, string, string] {
    return ['test', 'test', '1', '1.2'];
  }

  // Signals: what they return is sent.
  ActionInvoked(id: number, action: string): [number, string] {
    return [id, action];
  }

  NotificationClosed(id: number, reason: number): [number, number] {
    return [id, reason];
  }
}

NotificationService.configureMembers({
  methods: {
    Notify: { inSignature: 'susssasa{sv}i', outSignature: 'u' },
    CloseNotification: { inSignature: 'u' },
    GetCapabilities: { outSignature: 'as' },
    GetServerInformation: { outSignature: 'ssss' },
  },
  signals: { ActionInvoked: { signature: 'us' }, NotificationClosed: { signature: 'uu' } },
});

export interface Notifications {
  readonly shown: readonly ShownNotification[];
  click(id: number): void;
  stop(): void;
}

export async function startNotifications(busAddress: string): Promise<Notifications> {
  const bus = sessionBus({ busAddress });
  const service = new NotificationService();
  bus.export('/org/freedesktop/Notifications', service);
  await bus.requestName('org.freedesktop.Notifications');
  return {
    shown: service.shown,
    click: (id) => service.ActionInvoked(id, 'default'),
    stop: () => bus.disconnect(),
  };
}
