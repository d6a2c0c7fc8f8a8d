import path from 'node:path';

export const scheme = 'tazpod';

/** Origin of every page of ours; file: URLs would all share one origin with the whole disk. */
export const appOrigin = `${scheme}://app`;

/** Address of the one page. */
export const appUrl = `${appOrigin}/index.html`;

/** The file of an address inside the folder; null for everything else. */
export function toFile(folder: string, address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== `${scheme}:` || url.host !== 'app') return null;
  const pathname = decode(url.pathname);
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
