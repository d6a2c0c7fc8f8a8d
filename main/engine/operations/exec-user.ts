import type { Core } from '../core.ts';
import { runInContainer } from '../docker/exec.ts';
import { isUnknownUser } from '../docker/exec-stream.ts';
import { endSessionScript } from '../docker/scripts.ts';
import type { SessionLeader } from '../terminal/wrapper.ts';

/** Wait for a session's processes to end after HUP before they are killed, in milliseconds. */
const sessionEndWaitMs = 1_000;

/** As the config's user; where the image has no such user, as the image's own. */
export async function asUserOrDefault<Opened>(user: string, open: (user: string) => Promise<Opened>): Promise<Opened> {
  try {
    return await open(user);
  } catch (error) {
    if (user === '' || !isUnknownUser(error)) throw error;
    return open('');
  }
}

/** Ends every process of a session, as root in the container; a container that is down has none left. */
export async function endInContainer(
  core: Core,
  record: SessionLeader & { readonly containerId: string },
): Promise<void> {
  if (core.store.state().containers.get(record.containerId)?.status !== 'running') return;
  const client = await core.connection.client();
  const { processId, startTicks } = record;
  const wait = String(sessionEndWaitMs / 10);
  const command = ['/bin/sh', '-c', endSessionScript, 'tazpod-end', String(processId), startTicks, wait];
  try {
    await runInContainer(client, record.containerId, command, '0');
  } catch (error) {
    // Stopped meanwhile: then its processes are gone with it.
    if (core.store.state().containers.get(record.containerId)?.status === 'running') throw error;
  }
}
