import { Variant } from '@jellybrick/dbus-next';
import { BusInterface, readable } from './bus.ts';

type Properties = Record<string, Variant>;
type Layout = readonly [id: number, properties: Properties, children: readonly Variant[]];

interface Entry {
  readonly id: number;
  readonly item: Electron.MenuItem | null;
  readonly children: readonly Entry[];
}

/**
 * A menu on the bus, `com.canonical.dbusmenu`, as Chromium exports it (components/dbus/menu). Ids are never given twice, so
 * that a click on a menu that was replaced meanwhile reaches no other item.
 */
export class MenuService extends BusInterface {
  readonly Version = 3;
  readonly Status = 'normal';
  readonly TextDirection = 'ltr';
  readonly IconThemePath: readonly string[] = [];
  readonly #entries = new Map<number, Entry>();
  #revision = 1;
  #lastId = 0;

  constructor() {
    super('com.canonical.dbusmenu');
    this.#entries.set(0, { id: 0, item: null, children: [] });
  }

  show(menu: Electron.Menu | null): void {
    this.#entries.clear();
    const add = (item: Electron.MenuItem | null, items: readonly Electron.MenuItem[], id: number): Entry => {
      const children = items.map((child) => {
        this.#lastId += 1;
        return add(child, child.submenu?.items ?? [], this.#lastId);
      });
      const entry = { id, item, children };
      this.#entries.set(id, entry);
      return entry;
    };
    add(null, menu?.items ?? [], 0);
    this.#revision += 1;
    this.LayoutUpdated(this.#revision, 0);
  }

  GetLayout(parent: number, depth: number, _names: readonly string[]): [number, Layout] {
    const entry = this.#entries.get(parent);
    if (entry === undefined) throw new Error(`no menu item ${parent}`);
    return [this.#revision, toLayout(entry, depth)];
  }

  GetGroupProperties(ids: readonly number[], _names: readonly string[]): [number, Properties][] {
    const wanted = ids.length === 0 ? [...this.#entries.keys()] : ids;
    return wanted.flatMap((id) => {
      const entry = this.#entries.get(id);
      return entry === undefined ? [] : [[id, toProperties(entry)]];
    });
  }

  GetProperty(id: number, name: string): Variant {
    const entry = this.#entries.get(id);
    return (entry === undefined ? undefined : toProperties(entry)[name]) ?? new Variant('s', '');
  }

  Event(id: number, kind: string, _data: Variant, _time: number): void {
    const item = this.#entries.get(id)?.item;
    if (kind !== 'clicked' || item === undefined || item === null || !item.enabled) return;
    const { type } = item;
    // The caller has its answer before the app acts on the click.
    setImmediate(() => {
      (item.click as () => void)();
      if (type === 'checkbox' || type === 'radio') {
        this.#revision += 1;
        this.LayoutUpdated(this.#revision, 0);
      }
    });
  }

  EventGroup(events: readonly [number, string, Variant, number][]): number[] {
    for (const event of events) this.Event(...event);
    return events.map(([id]) => id).filter((id) => !this.#entries.has(id));
  }

  AboutToShow(_id: number): boolean {
    return false;
  }

  AboutToShowGroup(_ids: readonly number[]): [number[], number[]] {
    return [[], []];
  }

  /** A signal: what it returns is sent. */
  LayoutUpdated(revision: number, parent: number): [number, number] {
    return [revision, parent];
  }
}

MenuService.configureMembers({
  properties: {
    Version: readable('u'),
    Status: readable('s'),
    TextDirection: readable('s'),
    IconThemePath: readable('as'),
  },
  methods: {
    GetLayout: { inSignature: 'iias', outSignature: 'u(ia{sv}av)' },
    GetGroupProperties: { inSignature: 'aias', outSignature: 'a(ia{sv})' },
    GetProperty: { inSignature: 'is', outSignature: 'v' },
    Event: { inSignature: 'isvu' },
    EventGroup: { inSignature: 'a(isvu)', outSignature: 'ai' },
    AboutToShow: { inSignature: 'i', outSignature: 'b' },
    AboutToShowGroup: { inSignature: 'ai', outSignature: 'aiai' },
  },
  signals: { LayoutUpdated: { signature: 'ui' } },
});

function toLayout(entry: Entry, depth: number): Layout {
  const children =
    depth === 0 ? [] : entry.children.map((child) => new Variant('(ia{sv}av)', toLayout(child, depth - 1)));
  return [entry.id, toProperties(entry), children];
}

function toProperties({ item, children }: Entry): Properties {
  const properties: Properties = {};
  if (item === null) {
    properties['children-display'] = new Variant('s', 'submenu');
    return properties;
  }
  properties['enabled'] = new Variant('b', item.enabled);
  properties['visible'] = new Variant('b', item.visible);
  if (item.type === 'separator') properties['type'] = new Variant('s', 'separator');
  else properties['label'] = new Variant('s', toMenuLabel(item.label));
  if (item.type === 'checkbox' || item.type === 'radio') {
    properties['toggle-type'] = new Variant('s', item.type === 'radio' ? 'radio' : 'checkmark');
    properties['toggle-state'] = new Variant('i', item.checked ? 1 : 0);
  }
  if (children.length > 0 || item.type === 'submenu') properties['children-display'] = new Variant('s', 'submenu');
  return properties;
}

/** Electron marks a mnemonic with `&`, D-Bus menus with `_`; doubled, each is itself. */
export function toMenuLabel(label: string): string {
  return label.replaceAll('_', '__').replaceAll('&&', '\0').replaceAll('&', '_').replaceAll('\0', '&');
}
