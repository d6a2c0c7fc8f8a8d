/** More output than this within a window is a flood, in bytes: several screens for every frame, which nobody can read. */
const floodBytes = 256 * 1024;
/** Length of that window, in milliseconds. */
const windowMs = 100;

/** Tells floods from output that somebody may read along. */
export interface FloodMeter {
  /** So many bytes came. */
  add(bytes: number): void;
  /** Whether it floods now, or did until a moment ago. */
  isFlooding(): boolean;
}

/** @param nowMs any clock that only goes forward */
export function createFloodMeter(nowMs: () => number): FloodMeter {
  let windowAtMs = 0;
  let bytesNow = 0;
  let bytesBefore = 0;
  const turn = (): void => {
    const passedMs = nowMs() - windowAtMs;
    if (passedMs < windowMs) return;
    bytesBefore = passedMs < 2 * windowMs ? bytesNow : 0;
    bytesNow = 0;
    windowAtMs = nowMs();
  };
  return {
    add: (bytes) => {
      turn();
      bytesNow += bytes;
    },
    isFlooding: () => {
      turn();
      return Math.max(bytesNow, bytesBefore) > floodBytes;
    },
  };
}
