import type { DockerClient } from './docker/client.ts';
import { openExecStream } from './docker/exec-stream.ts';
import type { VaultExec } from './vault/session/exec.ts';

/** Error output that is kept, in bytes: a few lines of tar or mount. */
const maxErrorBytes = 2048;

/** The vault's way into a container: the engine's own exec stream, input and output as bytes. */
export function createVaultExec(client: DockerClient, containerId: string): VaultExec {
  return async ({ script, args = [], input = [], user = '0' }) => {
    const exec = await openExecStream(client, {
      containerId,
      command: ['/bin/sh', '-c', script, 'tazpod-vault', ...args],
      user,
      environment: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C'],
      workingFolder: '/',
      terminal: false,
    });
    const { stream, split } = exec;
    const output: Buffer[] = [];
    let errorText = '';
    const ended = Promise.withResolvers<void>();
    stream.once('error', ended.reject);
    stream.once('end', ended.resolve);
    stream.once('close', ended.resolve);
    stream.on('data', (chunk: Buffer) => {
      for (const part of split?.(chunk) ?? []) {
        if (part.stream === 'output') output.push(part.bytes);
        else if (errorText.length < maxErrorBytes) errorText += part.bytes.toString('utf8');
      }
    });
    // A script that ends early takes no more input: how it ended says why.
    try {
      for await (const bytes of input) {
        if (stream.destroyed || stream.writableEnded) break;
        if (!stream.write(bytes)) {
          await Promise.race([new Promise((resolve) => void stream.once('drain', resolve)), ended.promise]);
        }
      }
    } finally {
      stream.end();
      await ended.promise;
    }
    return { exitCode: (await exec.exitCode()) ?? -1, output, errorText: errorText.slice(0, maxErrorBytes).trim() };
  };
}
