import { createCodec } from './codec.ts';

/** The main process's side of the codec. */
export const nodeCodec = createCodec({
  encode: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
  decode: (text) => {
    const pooled = Buffer.from(text, 'base64');
    // A Buffer of Node's shared pool would hand out its neighbours' bytes with `.buffer`.
    const bytes = new Uint8Array(pooled.length);
    bytes.set(pooled);
    return bytes;
  },
});
