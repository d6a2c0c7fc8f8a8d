import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { createRotatingLog, sizeOfFile } from '../engine/rotating-log.ts';

/** The log's name inside the state folder. */
export const hostLogName = 'host.log';

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

/** The host process's log: `host.log` (0600), and the two before it as `host.log.1` and `host.log.2`. */
export function createHostLog({ stateFolder, ...options }: HostLogOptions): HostLog {
  const file = path.join(stateFolder, hostLogName);
  return { file, write: createRotatingLog({ file, ...options }) };
}

/** The size now, to tell later what was added; 0 where there is no file. */
export function logSize(file: string): number {
  try {
    return sizeOfFile(file);
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
    const size = sizeOfFile(file);
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
