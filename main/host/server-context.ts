import type { Failure } from '../../preload/contract/errors.ts';
import type { Engine } from '../engine/engine.ts';
import type { HandoverPayload, Hello } from './protocol.ts';

/** What all clients of a host share. */
export interface ServerContext {
  readonly engine: Engine;
  readonly hello: Hello;
  readonly log: (line: string) => void;
  /** Why no more requests are taken, or null while they are. */
  readonly refusal: () => Failure | null;
  /** Takes one of the host's sessions; false when all are taken. */
  readonly takeSessionSlot: () => boolean;
  readonly freeSessionSlot: () => void;
  readonly handOver: () => Promise<HandoverPayload>;
}
