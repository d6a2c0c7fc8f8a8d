import type { Operation } from '../../../preload/contract/snapshot.ts';
import type { CliIo } from '../io.ts';
import { styleFor } from '../text/style.ts';
import { renderProgressLine, renderStepLine } from './render.ts';

/** Shows how an operation goes on. */
export interface ProgressView {
  show(operation: Operation): void;
  /** A line of its own above the live one. */
  note(text: string): void;
  /** Takes the live line away. */
  end(): void;
}

/** Shorter work than this shows nothing: it would only flash. */
const quietMs = 300;
/** Ten redraws per second at most. */
const redrawMs = 100;
/** The time goes on though nothing is reported. */
const tickMs = 1000;
const clearLine = '\r\u001b[2K';

function liveView(io: CliIo): ProgressView {
  const style = styleFor(true, io.environment);
  const beganMs = io.nowMs();
  let latest: Operation | null = null;
  let drawnMs = -Infinity;
  let isDrawn = false;
  let timer: NodeJS.Timeout | undefined;

  const draw = (): void => {
    if (latest === null) return;
    drawnMs = io.nowMs();
    isDrawn = true;
    io.err.write(clearLine + renderProgressLine(latest, drawnMs, io.err.columns(), style));
    schedule(tickMs);
  };
  const schedule = (delayMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(draw, delayMs);
  };
  const erase = (): void => {
    if (isDrawn) io.err.write(clearLine);
    isDrawn = false;
  };
  return {
    show: (operation) => {
      const isFirst = latest === null;
      latest = operation;
      const dueMs = Math.max(beganMs + quietMs, drawnMs + redrawMs) - io.nowMs();
      if (dueMs <= 0) draw();
      else if (isFirst || isDrawn) schedule(dueMs);
    },
    note: (text) => {
      erase();
      io.err.write(`${text}\n`);
      if (latest !== null) schedule(redrawMs);
    },
    end: () => {
      clearTimeout(timer);
      latest = null;
      erase();
    },
  };
}

function plainView(io: CliIo): ProgressView {
  let last = '';
  return {
    show: (operation) => {
      const line = renderStepLine(operation);
      if (line === last) return;
      last = line;
      io.err.write(`${line}\n`);
    },
    note: (text) => io.err.write(`${text}\n`),
    end: () => undefined,
  };
}

/** One live line on a terminal, plain lines anywhere else. */
export function createProgressView(io: CliIo): ProgressView {
  return io.err.isTty && io.environment['TERM'] !== 'dumb' ? liveView(io) : plainView(io);
}
