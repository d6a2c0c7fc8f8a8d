/** X11 events as they come over the wire (32 bytes), and the ones that are sent. */
export type XEvent =
  | { readonly type: 'focusIn' | 'focusOut'; readonly window: number; readonly detail: number; readonly mode: number }
  | {
      readonly type: 'created';
      readonly window: number;
      readonly parent: number;
      readonly width: number;
      readonly height: number;
      readonly overrideRedirect: boolean;
    }
  | { readonly type: 'destroyed'; readonly window: number }
  | { readonly type: 'mapped' | 'unmapped'; readonly window: number }
  | { readonly type: 'reparented'; readonly window: number; readonly parent: number }
  | {
      readonly type: 'configured';
      readonly window: number;
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      /** From the window manager: x and y count from the screen's corner, not the parent's. */
      readonly synthetic: boolean;
    }
  | { readonly type: 'property'; readonly window: number; readonly atom: number; readonly deleted: boolean }
  | { readonly type: 'message'; readonly window: number; readonly atom: number; readonly data: readonly number[] }
  | { readonly type: 'selectionClear'; readonly selection: number }
  | {
      readonly type: 'selectionRequest';
      readonly requestor: number;
      readonly selection: number;
      readonly target: number;
      readonly property: number;
      readonly time: number;
    }
  | { readonly type: 'selectionNotify'; readonly selection: number; readonly property: number };

/** null for events that nobody here listens to. */
export function parseEvent(bytes: Buffer): XEvent | null {
  const code = bytes.readUInt8(0);
  const word = (offset: number): number => bytes.readUInt32LE(offset);
  switch (code & 0x7f) {
    case 9:
    case 10: {
      const type = (code & 0x7f) === 9 ? 'focusIn' : 'focusOut';
      return { type, window: word(4), detail: bytes.readUInt8(1), mode: bytes.readUInt8(8) };
    }
    case 16:
      return {
        type: 'created',
        parent: word(4),
        window: word(8),
        width: bytes.readUInt16LE(16),
        height: bytes.readUInt16LE(18),
        overrideRedirect: bytes.readUInt8(22) !== 0,
      };
    case 17:
      return { type: 'destroyed', window: word(8) };
    case 18:
      return { type: 'unmapped', window: word(8) };
    case 19:
      return { type: 'mapped', window: word(8) };
    case 21:
      return { type: 'reparented', window: word(8), parent: word(12) };
    case 22:
      return {
        type: 'configured',
        window: word(8),
        x: bytes.readInt16LE(16),
        y: bytes.readInt16LE(18),
        width: bytes.readUInt16LE(20),
        height: bytes.readUInt16LE(22),
        synthetic: (code & 0x80) !== 0,
      };
    case 28:
      return { type: 'property', window: word(4), atom: word(8), deleted: bytes.readUInt8(16) === 1 };
    case 29:
      return { type: 'selectionClear', selection: word(12) };
    case 30:
      return {
        type: 'selectionRequest',
        time: word(4),
        requestor: word(12),
        selection: word(16),
        target: word(20),
        property: word(24),
      };
    case 31:
      return { type: 'selectionNotify', selection: word(12), property: word(20) };
    case 33:
      return { type: 'message', window: word(4), atom: word(8), data: [12, 16, 20, 24, 28].map(word) };
    default:
      return null;
  }
}

/** ClientMessage with five 32-bit words. */
export function encodeMessage(window: number, atom: number, data: readonly number[]): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt8(33, 0);
  bytes.writeUInt8(32, 1);
  bytes.writeUInt32LE(window, 4);
  bytes.writeUInt32LE(atom, 8);
  for (const [index, value] of data.entries()) bytes.writeUInt32LE(value >>> 0, 12 + index * 4);
  return bytes;
}

/** UnmapNotify as ICCCM 4.1.4 wants it sent to the root window when a window is withdrawn. */
export function encodeUnmapNotify(root: number, window: number): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt8(18, 0);
  bytes.writeUInt32LE(root, 4);
  bytes.writeUInt32LE(window, 8);
  return bytes;
}

/** ConfigureNotify as a window manager sends it: where the window is on the screen. */
export function encodeConfigureNotify(
  window: number,
  at: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt8(22, 0);
  bytes.writeUInt32LE(window, 4);
  bytes.writeUInt32LE(window, 8);
  bytes.writeInt16LE(at.x, 16);
  bytes.writeInt16LE(at.y, 18);
  bytes.writeUInt16LE(at.width, 20);
  bytes.writeUInt16LE(at.height, 22);
  return bytes;
}

/** SelectionNotify: the answer to a request for the clipboard; property 0 refuses. */
export function encodeSelectionNotify(request: {
  readonly requestor: number;
  readonly selection: number;
  readonly target: number;
  readonly property: number;
  readonly time: number;
}): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt8(31, 0);
  bytes.writeUInt32LE(request.time, 4);
  bytes.writeUInt32LE(request.requestor, 8);
  bytes.writeUInt32LE(request.selection, 12);
  bytes.writeUInt32LE(request.target, 16);
  bytes.writeUInt32LE(request.property, 20);
  return bytes;
}
