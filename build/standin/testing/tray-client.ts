import { MessageType, sessionBus, Variant, type Message, type MessageBus } from '@jellybrick/dbus-next';
import { call } from '../tray/registration.ts';

const watcher = 'org.kde.StatusNotifierWatcher';
const properties = 'org.freedesktop.DBus.Properties';

export interface TrayMenuItem {
  readonly id: number;
  /** As a person reads it, without marks for mnemonics. */
  readonly label: string;
  readonly type: string;
  readonly enabled: boolean;
  readonly visible: boolean;
  /** null where it is neither a checkbox nor a radio item. */
  readonly checked: boolean | null;
  readonly items: readonly TrayMenuItem[];
}

export interface TrayIcon {
  readonly address: string;
  readonly id: string;
  readonly title: string;
  readonly toolTip: string;
  /** Alpha, red, green, blue. */
  readonly pixmaps: readonly { readonly width: number; readonly height: number; readonly argb: Buffer }[];
  readonly menuPath: string;
}

/**
 * What a desktop's tray does with icons, for tests: finds them through the watcher, whoever that is, reads their menus and
 * clicks. It works on any StatusNotifierItem, so on real Electron under Linux too.
 */
export class TrayClient {
  readonly #bus: MessageBus;
  #onSignal: () => void = () => undefined;

  constructor(busAddress: string) {
    this.#bus = sessionBus({ busAddress });
    this.#bus.on('message', ({ type }: Message) => {
      if (type === MessageType.SIGNAL) this.#onSignal();
    });
  }

  async #call(
    destination: string,
    path: string,
    name: string,
    member: string,
    signature: string,
    body: unknown[],
  ): Promise<unknown[]> {
    return call(this.#bus, destination, path, name, member, signature, body);
  }

  async #get(destination: string, path: string, name: string, property: string): Promise<unknown> {
    const [value] = await this.#call(destination, path, properties, 'Get', 'ss', [name, property]);
    return (value as Variant).value;
  }

  async icons(): Promise<readonly TrayIcon[]> {
    const items = await this.#get(watcher, '/StatusNotifierWatcher', watcher, 'RegisteredStatusNotifierItems');
    const icons = (items as string[]).map(async (item) => this.#readIcon(item).catch(() => null));
    return (await Promise.all(icons)).filter((icon) => icon !== null);
  }

  async menu(icon: TrayIcon): Promise<readonly TrayMenuItem[]> {
    const { name } = split(icon.address);
    const body = [0, -1, []];
    const [, root] = await this.#call(name, icon.menuPath, 'com.canonical.dbusmenu', 'GetLayout', 'iias', body);
    return toItem(root as Layout).items;
  }

  /** Clicks the item that the labels lead to, through submenus. @throws where there is none */
  async click(icon: TrayIcon, ...labels: readonly string[]): Promise<void> {
    let items = await this.menu(icon);
    let item: TrayMenuItem | undefined;
    for (const label of labels) {
      item = items.find((one) => one.label === label);
      if (item === undefined)
        throw new Error(`no tray menu item '${label}' among: ${items.map((one) => one.label).join(', ')}`);
      items = item.items;
    }
    const body = [item?.id ?? 0, 'clicked', new Variant('i', 0), 0];
    await this.#call(split(icon.address).name, icon.menuPath, 'com.canonical.dbusmenu', 'Event', 'isvu', body);
  }

  /** A click on the icon itself. */
  async activate(icon: TrayIcon): Promise<void> {
    const { name, path } = split(icon.address);
    await this.#call(name, path, 'org.kde.StatusNotifierItem', 'Activate', 'ii', [0, 0]);
  }

  /** Asks again after each signal on the bus until the answer is not null. @throws where none comes in time */
  async until<Answer>(ask: () => Promise<Answer | null>, patienceMs = 10_000): Promise<Answer> {
    const dbus = 'org.freedesktop.DBus';
    await this.#call(dbus, '/org/freedesktop/DBus', dbus, 'AddMatch', 's', ["type='signal'"]);
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const signalled = new Promise<void>((resolve) => (this.#onSignal = resolve));
      const answer = await ask().catch(() => null);
      if (answer !== null) return answer;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error('the tray did not come to show what was expected');
      await Promise.race([signalled, new Promise((resolve) => setTimeout(resolve, left))]);
    }
  }

  close(): void {
    this.#bus.disconnect();
  }

  async #readIcon(address: string): Promise<TrayIcon> {
    const { name, path } = split(address);
    const [all] = await this.#call(name, path, properties, 'GetAll', 's', ['org.kde.StatusNotifierItem']);
    const read = (property: string): unknown => (all as Record<string, Variant>)[property]?.value;
    const pixmaps = (read('IconPixmap') ?? []) as [number, number, Buffer][];
    return {
      address,
      id: read('Id') as string,
      title: read('Title') as string,
      toolTip: (read('ToolTip') as unknown[] | undefined)?.[2] as string,
      pixmaps: pixmaps.map(([width, height, argb]) => ({ width, height, argb })),
      menuPath: read('Menu') as string,
    };
  }
}

/** Resolves when a desktop's own watcher is there. */
export async function waitForWatcher(busAddress: string, patienceMs: number): Promise<void> {
  const client = new TrayClient(busAddress);
  try {
    await client.until(async () => client.icons(), patienceMs);
  } finally {
    client.close();
  }
}

type Layout = readonly [id: number, properties: Record<string, Variant>, children: readonly Variant<Layout>[]];

function toItem([id, values, children]: Layout): TrayMenuItem {
  const read = (name: string): unknown => values[name]?.value;
  const toggle = read('toggle-state');
  return {
    id,
    label: toPlainLabel((read('label') ?? '') as string),
    type: (read('type') ?? 'standard') as string,
    enabled: read('enabled') !== false,
    visible: read('visible') !== false,
    checked: toggle === undefined ? null : toggle === 1,
    items: children.map((child) => toItem(child.value)),
  };
}

/** `_` marks a mnemonic, `__` is an underscore. */
const toPlainLabel = (label: string): string => label.replaceAll(/_(.?)/g, '$1');

function split(address: string): { readonly name: string; readonly path: string } {
  const at = address.indexOf('/');
  return at === -1
    ? { name: address, path: '/StatusNotifierItem' }
    : { name: address.slice(0, at), path: address.slice(at) };
}
