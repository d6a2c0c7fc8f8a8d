import type { DevTools } from '../chromium/devtools.ts';
import type { PermissionHandlers } from './session.ts';

type Permission = Parameters<NonNullable<PermissionHandlers['request']>>[1];

/** What pages may ask for: the name that the DevTools protocol has for it, and Electron's. */
const permissions: readonly (readonly [devTools: string, electron: Permission])[] = [
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
  ['midi', 'midi'],
  ['camera', 'media'],
  ['microphone', 'media'],
  ['clipboard-read', 'clipboard-read'],
  ['clipboard-write', 'clipboard-sanitized-write'],
  ['display-capture', 'display-capture'],
  ['idle-detection', 'idle-detection'],
  ['local-fonts', 'local-fonts'],
  ['persistent-storage', 'persistent-storage'],
  ['pointer-lock', 'pointerLock'],
  ['keyboard-lock', 'keyboardLock'],
  ['screen-wake-lock', 'screen-wake-lock'],
  ['storage-access', 'storage-access'],
  ['window-management', 'window-management'],
];

/**
 * Chromium can't ask us while a page waits, so the app's handlers are asked beforehand, once per permission and page, and
 * Chromium is told their answers. Without handlers everything is allowed, as in Electron.
 */
export async function applyPermissions(
  devTools: Pick<DevTools, 'send'>,
  handlers: PermissionHandlers,
  contents: Electron.WebContents,
  page: { readonly shownUrl: string; readonly realUrl: string },
): Promise<void> {
  if (!page.shownUrl.startsWith('http')) return;
  const { origin } = new URL(page.shownUrl);
  await Promise.all(
    permissions.map(async ([name, permission]) => {
      const allowed = await isAllowed(handlers, contents, permission, page.realUrl);
      const params = { permission: { name }, setting: allowed ? 'granted' : 'denied', origin };
      // One that this version of Chromium does not know can't be asked for either.
      await devTools.send('Browser.setPermission', params).catch(() => undefined);
    }),
  );
}

async function isAllowed(
  { request, check }: PermissionHandlers,
  contents: Electron.WebContents,
  permission: Permission,
  url: string,
): Promise<boolean> {
  const details = { isMainFrame: true, requestingUrl: url };
  if (request !== null) {
    return new Promise((resolve) => request(contents, permission, resolve, details as Electron.PermissionRequest));
  }
  return check === null || check(contents, permission, new URL(url).origin, details);
}
