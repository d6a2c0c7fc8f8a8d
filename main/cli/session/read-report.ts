import { toFailure } from '../../../preload/contract/errors.ts';
import type { SessionEnd, SessionRequest } from '../../../preload/contract/session.ts';
import type { Client } from '../client.ts';
import { CliFailure } from '../failure.ts';

/**
 * Reads a session that prints JSON, one value a line, to its end.
 * @throws CliFailure where it can't be opened or ends in the middle
 */
export async function readReport(client: Client, request: SessionRequest): Promise<readonly unknown[]> {
  const chunks: Uint8Array[] = [];
  const { promise: ended, resolve: end } = Promise.withResolvers<SessionEnd>();
  const opened = await client.openSession(request, {
    onData: (bytes) => void chunks.push(bytes),
    onEnd: end,
  });
  if (!opened.ok) throw new CliFailure(opened.failure);
  const lost = client.lost.then((failure) => {
    throw failure;
  });
  const { reason } = await Promise.race([ended, lost]);
  if (reason !== 'exited') throw new CliFailure(toFailure('session-failed', { reason: `it ended: ${reason}` }));
  const lines = Buffer.concat(chunks).toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line): unknown => JSON.parse(line));
}
