import type { XConnection } from './connection.ts';

const names = [
  'ATOM',
  'CARDINAL',
  'CLIPBOARD',
  'INCR',
  'STANDIN_SELECTION',
  'STRING',
  'TARGETS',
  'UTF8_STRING',
  'WINDOW',
  'WM_CHANGE_STATE',
  'WM_CLASS',
  'WM_DELETE_WINDOW',
  'WM_HINTS',
  'WM_NAME',
  'WM_NORMAL_HINTS',
  'WM_PROTOCOLS',
  'WM_SIZE_HINTS',
  'WM_STATE',
  'XdndAware',
  'XdndDrop',
  'XdndEnter',
  'XdndFinished',
  'XdndLeave',
  'XdndPosition',
  'XdndStatus',
  'XdndTypeList',
  '_NET_ACTIVE_WINDOW',
  '_NET_SUPPORTING_WM_CHECK',
  '_NET_WM_ICON',
  '_NET_WM_NAME',
  '_NET_WM_PID',
  '_NET_WM_PING',
  '_NET_WM_STATE',
  '_NET_WM_STATE_HIDDEN',
] as const;

/** Every name that we use, as the server numbers it. */
export type Atoms = Readonly<Record<(typeof names)[number], number>>;

export async function internAtoms(connection: XConnection): Promise<Atoms> {
  const entries = await Promise.all(names.map(async (name) => [name, await connection.atom(name)] as const));
  return Object.fromEntries(entries) as Atoms;
}
