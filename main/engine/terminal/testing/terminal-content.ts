import type { Terminal } from '@xterm/headless';

/** Every row of both buffers, and where the cursor is, after these bytes. */
export async function contentOf(terminal: Terminal, bytes: readonly Uint8Array[]): Promise<readonly string[]> {
  await new Promise<void>((resolve) => terminal.write(Buffer.concat(bytes), resolve));
  const { active, normal } = terminal.buffer;
  const rows = [normal, active].flatMap((buffer) =>
    Array.from({ length: buffer.length }, (_, row) => buffer.getLine(row)?.translateToString(true) ?? ''),
  );
  return [`${active.type} ${active.cursorX},${active.cursorY}`, ...rows];
}
