import { appendFileSync, renameSync, statSync } from 'node:fs';

/** One file stays readable in an editor and small in a bug report. */
const defaultMaxBytes = 1024 * 1024;

export interface RotatingLogOptions {
  readonly file: string;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
  readonly maxBytes?: number;
}

/**
 * A log file (0600), and the two before it with `.1` and `.2` behind their names. Each line begins with its time. Written
 * synchronously, so that the line about a crash is there after it. Never throws: a full disk must not end the host.
 */
export function createRotatingLog({
  file,
  nowMs,
  maxBytes = defaultMaxBytes,
}: RotatingLogOptions): (line: string) => void {
  return (line) => {
    try {
      if (sizeOfFile(file) >= maxBytes) rotate(file);
      appendFileSync(file, `${new Date(nowMs()).toISOString()} ${toOneLine(line)}\n`, { mode: 0o600 });
    } catch {
      // Nowhere left to tell.
    }
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

/** In bytes; 0 where there is no file. */
export function sizeOfFile(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function rotate(file: string): void {
  if (sizeOfFile(`${file}.1`) > 0) renameSync(`${file}.1`, `${file}.2`);
  renameSync(file, `${file}.1`);
}
