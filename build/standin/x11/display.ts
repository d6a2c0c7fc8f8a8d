import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Where an X server listens, and the cookie that opens it. */
export interface DisplayAddress {
  readonly socket: string;
  readonly number: string;
}

/**
 * The socket of a local display (`:0`, `unix:0.0`).
 * @throws an error that says what is wrong with any other
 */
export function parseDisplay(display: string | undefined): DisplayAddress {
  if (display === undefined || display === '') {
    throw new Error('Unable to open X display: DISPLAY is not set. The stand-in draws on X11 (or XWayland) only.');
  }
  const match = /^(?:unix)?:(\d+)(?:\.\d+)?$/.exec(display);
  if (match?.[1] === undefined) {
    throw new Error(`Unable to open X display ${display}: the stand-in speaks to a local X server only, as in ":0".`);
  }
  return { socket: `/tmp/.X11-unix/X${match[1]}`, number: match[1] };
}

export interface Authority {
  readonly name: string;
  readonly data: Buffer;
}

const noAuthority: Authority = { name: '', data: Buffer.alloc(0) };
const cookieName = 'MIT-MAGIC-COOKIE-1';

/** The cookie for a display out of the Xauthority file; an empty one where there is none, which servers without access control take. */
export function readAuthority(displayNumber: string, environment: NodeJS.ProcessEnv): Authority {
  const file = environment['XAUTHORITY'] ?? path.join(environment['HOME'] ?? homedir(), '.Xauthority');
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return noAuthority;
  }
  return (
    parseAuthority(bytes).find((entry) => entry.name === cookieName && matches(entry.display, displayNumber)) ??
    noAuthority
  );
}

const matches = (display: string, wanted: string): boolean => display === wanted || display === '';

/** Entries of an Xauthority file: family, address, display number, name and data, each with a big-endian length. */
export function parseAuthority(bytes: Buffer): readonly (Authority & { readonly display: string })[] {
  const entries: (Authority & { readonly display: string })[] = [];
  let offset = 0;
  const field = (): Buffer => {
    const length = bytes.readUInt16BE(offset);
    const value = bytes.subarray(offset + 2, offset + 2 + length);
    offset += 2 + length;
    return value;
  };
  while (offset + 10 <= bytes.length) {
    offset += 2;
    field();
    const display = field().toString('latin1');
    entries.push({ display, name: field().toString('latin1'), data: field() });
  }
  return entries;
}
