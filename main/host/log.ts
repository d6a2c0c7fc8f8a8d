import { appendFileSync, closeSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

/** The log's name inside the state folder. */
export const hostLogName = 'host.log';

/** One file stays readable in an editor and small in a bug report. */
const defaultMaxBytes = 1024 * 1024;

export interface HostLog {
  readonly file: string;
  /** Appends one line with the time before it. Never throws: a full disk must not end the host. */
  write(line: string): void;
}

interface HostLogOptions {
  readonly stateFolder: string;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
  readonly maxBytes?: number;
}

/**
 * The host process's log: `host.log` (0600), and the two before it as `host.log.1` and `host.log.2`.
 * Written synchronously, so that the line about a crash is there after it.
 */
export function createHostLog({ stateFolder, nowMs, maxBytes = defaultMaxBytes }: HostLogOptions): HostLog {
  const file = path.join(stateFolder, hostLogName);
  return {
    file,
    write: (line) => {
      try {
        if (sizeOf(file) >= maxBytes) rotate(file);
        appendFileSync(file, `${new Date(nowMs()).toISOString()} ${toOneLine(line)}\n`, { mode: 0o600 });
      } catch {
        // Nowhere left to tell.
      }
    },
  };
}

/** A line of the log can't be forged by text that came from outside. */
function toOneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f]/gu, (character) => {
    if (character === '\n') return String.raw`\n`;
    return character === '\t' ? '\t' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function rotate(file: string): void {
  if (sizeOf(`${file}.1`) > 0) renameSync(`${file}.1`, `${file}.2`);
  renameSync(file, `${file}.1`);
}

/** The size now, to tell later what was added; 0 where there is no file. */
export function logSize(file: string): number {
  try {
    return sizeOf(file);
  } catch {
    return 0;
  }
}

/**
 * What was added after `fromByte`: its last lines, at most 4 KiB. Empty where nothing was, or where it can't be read.
 */
export function readLogTail(file: string, fromByte: number): string {
  const maxTailBytes = 4096;
  try {
    const size = sizeOf(file);
    // Rotated in between: all of the new file was added.
    const start = Math.max(size < fromByte ? 0 : fromByte, size - maxTailBytes);
    const bytes = Buffer.alloc(size - start);
    const descriptor = openSync(file, 'r');
    try {
      return bytes
        .subarray(0, readSync(descriptor, bytes, 0, bytes.length, start))
        .toString('utf8')
        .trim();
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}
