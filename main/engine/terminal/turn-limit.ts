import type { PausableSource } from './acknowledged-window.ts';

/**
 * Most that is taken from a session in one turn of the event loop, in bytes: a millisecond or two of work. libuv reads up to 32
 * times 64 KiB from a socket before anything else gets its turn, a key on its way into the same session included.
 */
const maxTurnBytes = 128 * 1024;

/** Lets the event loop turn while a source floods; the function that is returned is told of every byte. */
export function limitTurn(source: PausableSource): (bytes: number) => void {
  let turnBytes = 0;
  let isPaused = false;
  const begin = (): void => {
    turnBytes = 0;
    if (!isPaused) return;
    isPaused = false;
    source.resume();
  };
  return (bytes) => {
    if (turnBytes === 0) setImmediate(begin);
    turnBytes += bytes;
    if (isPaused || turnBytes < maxTurnBytes) return;
    isPaused = true;
    source.pause();
  };
}
