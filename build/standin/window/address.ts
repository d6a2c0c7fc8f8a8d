/**
 * Chromium as it is installed can't be taught a scheme of the app's own, so its pages live at https addresses of a name
 * that never resolves (RFC 6761, `.invalid`), answered by the app's protocol handler before any network is asked. The
 * main process sees and gives the app's own addresses; only `location` in the page tells the difference.
 */
const suffix = 'electron-standin.invalid';
const shownPattern = new RegExp(`^https://([^/]*)\\.([a-z][a-z0-9+.-]*)\\.${suffix.replaceAll('.', '\\.')}(?=[/?#]|$)`);

/** Requests of own schemes, as the DevTools protocol writes patterns. */
export const shownUrlPattern = `https://*.${suffix}/*`;

/** The address that Chromium is given. */
export function toShown(url: string, schemes: ReadonlySet<string>): string {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]+)(.*)$/i.exec(url);
  const [, scheme = '', host = '', rest = ''] = match ?? [];
  if (!schemes.has(scheme.toLowerCase())) return url;
  return `https://${host}.${scheme.toLowerCase()}.${suffix}${rest === '' ? '/' : rest}`;
}

/** The address that the app knows. */
export function toReal(url: string): string {
  return url.replace(shownPattern, '$2://$1');
}

/** null for addresses that belong to no own scheme. */
export function schemeOf(shownUrl: string): string | null {
  return shownPattern.exec(shownUrl)?.[2] ?? null;
}
