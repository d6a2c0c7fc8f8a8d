import type { SessionEnd } from '../../../preload/contract/session.ts';
import type { SessionSink } from '../engine.ts';

/** A sink for a session whose taker is not ready yet: what comes before is kept and follows in order. */
export function createSinkGate(): { readonly sink: SessionSink; readonly open: (taker: SessionSink) => void } {
  let taker: SessionSink | null = null;
  const early: { readonly bytes: Uint8Array[]; end: SessionEnd | null } = { bytes: [], end: null };
  return {
    sink: {
      onData: (bytes) => {
        if (taker === null) early.bytes.push(new Uint8Array(bytes));
        else taker.onData(bytes);
      },
      onEnd: (end) => {
        if (taker === null) early.end = end;
        else taker.onEnd(end);
      },
    },
    open: (next) => {
      taker = next;
      for (const bytes of early.bytes.splice(0)) next.onData(bytes);
      if (early.end !== null) next.onEnd(early.end);
    },
  };
}
