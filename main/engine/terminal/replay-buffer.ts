/** Most bytes of a session's output that are kept for a window that comes back: several thousand lines. */
export const maxReplayBytes = 1024 * 1024;

const newline = 0x0a;

/** The last output of a session. Old chunks go first, whole, so that adding costs the same however much there was. */
export interface ReplayBuffer {
  add(bytes: Uint8Array): void;
  /** Everything kept, in one piece; begins at a line's start where the beginning was dropped. */
  read(): Uint8Array;
}

export function createReplayBuffer(maxBytes: number = maxReplayBytes): ReplayBuffer {
  const chunks: Uint8Array[] = [];
  let size = 0;
  /** Whether what is kept begins in the middle of a line. */
  let isCut = false;
  return {
    add: (bytes) => {
      // A copy: the stream may use its buffer again.
      chunks.push(Uint8Array.from(bytes));
      size += bytes.length;
      while (size > maxBytes && chunks.length > 1) {
        const oldest = chunks.shift();
        size -= oldest?.length ?? 0;
        isCut = oldest?.at(-1) !== newline;
      }
    },
    read: () => {
      const all = Buffer.concat(chunks);
      const firstLineEnd = isCut ? all.indexOf(newline) : -1;
      return all.subarray(firstLineEnd + 1);
    },
  };
}
