import path from 'node:path';
import type { CliConnector } from './host.ts';

async function loadHost() {
  const [{ connectIfRunning, connectOrStartAgent }, { protocolVersion }, { readSurroundings }] = await Promise.all([
    import('../host/connect.ts'),
    import('../host/protocol.ts'),
    import('../host/surroundings.ts'),
  ]);
  return { connectIfRunning, connectOrStartAgent, protocolVersion, surroundings: readSurroundings() };
}

/**
 * The real ways to the host process, loaded on first use: words that need none start without them.
 * @param agentEntry the agent's built file
 */
export function hostConnector(agentEntry: string): CliConnector {
  return {
    connectOrStart: async () => {
      const { connectOrStartAgent, surroundings } = await loadHost();
      return connectOrStartAgent({ surroundings, agentEntry, execPath: process.execPath });
    },
    connectIfRunning: async () => {
      const { connectIfRunning, protocolVersion, surroundings } = await loadHost();
      const result = await connectIfRunning(surroundings, { anyProtocol: true });
      if (!result.ok) return result;
      const host = result.value;
      return {
        ok: true,
        value: host === null ? null : { host, isSameProtocol: host.hello.protocol === protocolVersion },
      };
    },
    folders: async () => {
      const [{ toRuntimeFolders, toStateFolder }, { readSurroundings }, { hostLogName }] = await Promise.all([
        import('../host/paths.ts'),
        import('../host/surroundings.ts'),
        import('../host/log.ts'),
      ]);
      const surroundings = readSurroundings();
      const [runtime] = toRuntimeFolders(surroundings);
      const state = toStateFolder(surroundings);
      return { runtime: runtime?.folder ?? 'none (named pipe)', state, logFile: path.join(state, hostLogName) };
    },
  };
}
