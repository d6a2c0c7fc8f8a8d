import path from 'node:path';

export const scheme = 'tazpod';

/** Every page of ours lies under this host; file: URLs would all share one origin with the whole disk. */
const host = 'app';

/** Address of the one page. */
export const appUrl = `${scheme}://${host}/index.html`;

/** Whether an address is a page of ours. Node gives schemes that it does not know no origin to compare. */
export function isAppAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === `${scheme}:` && url.host === host;
}

/** The file of an address inside the folder; null for everything else. */
export function toFile(folder: string, address: string): string | null {
  if (!isAppAddress(address)) return null;
  const pathname = decode(new URL(address).pathname);
  if (pathname === null) return null;
  const file = path.join(folder, path.normalize(pathname));
  return file.startsWith(folder + path.sep) ? file : null;
}

/** null for escapes that are no UTF-8: they name nothing. */
function decode(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
