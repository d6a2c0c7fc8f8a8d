import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import type { TerminalSize } from '../../preload/contract/session.ts';
import type { Core } from './core.ts';
import type { DockerClient } from './docker/client.ts';
import { openExecStream, type ExecStreamRequest } from './docker/exec-stream.ts';
import type { ExecPort } from './terminal/exec-session.ts';
import { loadPty, openPtyExec, type PtyModule } from './terminal/pty-exec.ts';

/** Opens a program in a container, in one of the two ways there are. */
export type OpenExecPort = (
  client: DockerClient,
  request: ExecStreamRequest & { readonly size: TerminalSize; readonly keep: boolean },
) => Promise<ExecPort>;

/**
 * A window's terminals run `docker exec -it` on a pty of this machine, so that they are what a person would type; where
 * node-pty or the docker program is missing, and for everything that is no window's, the engine's own exec stream serves.
 */
export function createExecPorts(core: Pick<Core, 'ports' | 'store'>): OpenExecPort {
  let parts: Promise<PtyParts | null> | null = null;
  return async (client, request) => {
    const { engine } = core.store.state();
    if (request.keep && request.terminal && engine.status === 'ready') {
      parts ??= findPtyParts(core.ports.environment['PATH'] ?? '', core.ports.log);
      const found = await parts;
      if (found !== null) {
        const { dockerProgram, pty } = found;
        return openPtyExec(pty, { ...request, dockerProgram, dockerHost: engine.endpoint });
      }
    }
    return openExecStream(client, request);
  };
}

interface PtyParts {
  readonly pty: PtyModule;
  readonly dockerProgram: string;
}

async function findPtyParts(searchPath: string, log: (line: string) => void): Promise<PtyParts | null> {
  // The wrapper around docker is a POSIX shell's; Windows has the engine's stream.
  if (process.platform === 'win32') return null;
  const dockerProgram = await findProgram('docker', searchPath);
  if (dockerProgram === null) {
    log("there is no docker program on the PATH: sessions use the engine's exec stream");
    return null;
  }
  const pty = await loadPty(log);
  return pty === null ? null : { pty, dockerProgram };
}

async function findProgram(name: string, searchPath: string): Promise<string | null> {
  for (const folder of searchPath.split(path.delimiter)) {
    if (folder === '') continue;
    const file = path.join(folder, name);
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder, or not to be run by us.
    }
  }
  return null;
}
