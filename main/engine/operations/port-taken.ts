import type { DockerClient } from '../docker/client.ts';
import { engineReason } from '../docker/client.ts';
import { findPortHolder } from '../docker/port-holder.ts';
import { failWith, type TazpodError } from '../failure.ts';
import { toStartError } from './prove.ts';

/** The words of Docker and Podman for a host port that something else has. */
const takenPattern =
  /:(?<port>\d{1,5})(?:\/tcp)?(?:: bind: address already in use| failed: port is already allocated)/iu;

/** The host port that an engine could not publish because it is taken; null for any other reason. Pure. */
export function toTakenPort(reason: string): number | null {
  const port = takenPattern.exec(reason)?.groups?.['port'];
  return port === undefined ? null : Number(port);
}

/** Why a container could not be started; a port that is taken is told with what has it. */
export async function explainStart(client: DockerClient, error: unknown, image: string): Promise<TazpodError> {
  const port = toTakenPort(engineReason(error));
  if (port === null) return toStartError(error, image);
  return failWith('port-taken', { port, holder: await findPortHolder(client, port) }, error);
}
