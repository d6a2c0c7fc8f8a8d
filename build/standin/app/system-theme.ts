import { MessageType, type Message, type MessageBus, type Variant } from '@jellybrick/dbus-next';
import { connectSessionBus } from '../tray/bus.ts';
import { call } from '../tray/registration.ts';
import { nativeTheme, NativeTheme } from './native-theme.ts';

const portal = 'org.freedesktop.portal.Desktop';
const path = '/org/freedesktop/portal/desktop';
const settings = 'org.freedesktop.portal.Settings';
const key = ['org.freedesktop.appearance', 'color-scheme'];

/** 1 prefers dark (https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Settings.html). */
const isDark = (value: unknown): boolean => unwrap(value) === 1;

const unwrap = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'signature' in value ? unwrap((value as Variant).value) : value;

/** Follows the desktop's colour scheme through its portal; a desktop without one counts as light. */
export async function watchSystemTheme(): Promise<void> {
  const bus = connectSessionBus(() => undefined);
  if (bus === null) return;
  bus.on('message', ({ type, interface: name, member, body }: Message) => {
    if (type !== MessageType.SIGNAL || name !== settings || member !== 'SettingChanged') return;
    if (body[0] === key[0] && body[1] === key[1]) NativeTheme.setSystemIsDark(nativeTheme, isDark(body[2]));
  });
  await readNow(bus);
}

async function readNow(bus: MessageBus): Promise<void> {
  const dbus = 'org.freedesktop.DBus';
  const rule = `type='signal',interface='${settings}',path='${path}'`;
  await call(bus, dbus, '/org/freedesktop/DBus', dbus, 'AddMatch', 's', [rule]);
  const [value] = await call(bus, portal, path, settings, 'Read', 'ss', key);
  NativeTheme.setSystemIsDark(nativeTheme, isDark(value));
}
