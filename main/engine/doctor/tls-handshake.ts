import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { reasonOf } from '../failure.ts';

/** How a TLS handshake went. */
export type Handshake =
  | { readonly status: 'complete'; readonly ms: number }
  /** No connection. */
  | { readonly status: 'unconnected'; readonly reason: string }
  /** Something came that is no handshake, or the other side hung up. */
  | { readonly status: 'refused'; readonly reason: string }
  /** The hello was sent, and what belongs to the answer did not all come in time. @see isConnected in TcpPipe */
  | { readonly status: 'silent'; readonly isConnected: boolean | null; readonly receivedBytes: number };

/** A way to a host's TCP port, for the bytes of one handshake. */
export interface TcpPipe {
  readonly stream: Duplex;
  /** Bytes that came from the other side so far. */
  readonly receivedBytes: () => number;
  /** Whether TCP connected; null where the pipe can't tell. */
  readonly isConnected: () => boolean | null;
  /** Why it broke; empty where it did not, or nobody knows. */
  readonly reason: () => string;
}

/**
 * Shakes hands over a pipe and hangs up. What the certificate says is not looked at: nothing is sent that it would
 * protect, and the question is only whether its bytes arrive.
 * @param serverName what the server is asked for; an address is not sent
 */
export async function shakeHands(pipe: TcpPipe, serverName: string, timeoutMs: number): Promise<Handshake> {
  const startMs = performance.now();
  const name = isIP(serverName) === 0 ? { servername: serverName } : {};
  const socket = connect({ socket: pipe.stream, rejectUnauthorized: false, ...name });
  try {
    return await new Promise<Handshake>((resolve) => {
      const timer = setTimeout(() => {
        const isConnected = pipe.isConnected();
        const receivedBytes = pipe.receivedBytes();
        if (isConnected === false) resolve({ status: 'unconnected', reason: `no connection in ${timeoutMs / 1000} s` });
        else resolve({ status: 'silent', isConnected, receivedBytes });
      }, timeoutMs);
      const end = (error: unknown): void => {
        clearTimeout(timer);
        const reason = pipe.reason() || (error === null ? 'the connection was closed' : reasonOf(error));
        const isConnected = pipe.isConnected() ?? pipe.receivedBytes() > 0;
        resolve({ status: isConnected ? 'refused' : 'unconnected', reason });
      };
      socket.once('secureConnect', () => {
        clearTimeout(timer);
        resolve({ status: 'complete', ms: Math.round(performance.now() - startMs) });
      });
      socket.once('error', end);
      socket.once('close', () => end(null));
    });
  } finally {
    // Whatever it says from now on is about our hanging up.
    socket.on('error', () => undefined);
    pipe.stream.on('error', () => undefined);
    socket.destroy();
    pipe.stream.destroy();
  }
}
