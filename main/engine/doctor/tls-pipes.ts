import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import type { DockerClient } from '../docker/client.ts';
import { openExecStream } from '../docker/exec-stream.ts';
import { reasonOf } from '../failure.ts';
import type { TcpPipe } from './tls-handshake.ts';

/** A way from this process. */
export function openHostPipe(address: string, port: number): TcpPipe {
  const socket = connect({ host: address, port });
  let isConnected = false;
  let reason = '';
  socket.once('connect', () => (isConnected = true));
  socket.once('error', (error) => (reason = reasonOf(error)));
  return {
    stream: socket,
    receivedBytes: () => socket.bytesRead,
    isConnected: () => isConnected,
    reason: () => reason,
  };
}

/** What the script ends with where the image has nothing that could connect. */
const noToolExitCode = 96;

/**
 * Nothing but a TCP connection on its own input and output: of bash, else of netcat. bash says when it is connected. It
 * ends with its input or with the connection, and after $3 seconds in any case, where the image has `timeout`.
 */
const pipeScript = `limit=
command -v timeout >/dev/null 2>&1 && limit="timeout $3"
if command -v bash >/dev/null 2>&1; then
  echo bash >&2
  exec $limit bash -c 'exec 3<>"/dev/tcp/$1/$2" || exit 1
    echo connected >&2
    exec 4<&0
    cat <&4 >&3 & cat <&3 &
    wait -n
    kill $(jobs -p)' bash "$1" "$2"
fi
command -v nc >/dev/null 2>&1 && exec $limit nc "$1" "$2"
busybox nc --help >/dev/null 2>&1 && exec $limit busybox nc "$1" "$2"
exit ${noToolExitCode}`;

/** A way out of a container, and how its program ended. */
export interface ContainerPipe extends TcpPipe {
  /** Whether the image turned out to have nothing that could connect. Only after the pipe broke. */
  readonly lacksTool: () => Promise<boolean>;
}

/**
 * A way out of a running container. Nothing of it stays there once the stream is destroyed.
 * @throws engine errors
 */
export async function openContainerPipe(
  client: DockerClient,
  containerId: string,
  target: { readonly address: string; readonly port: number; readonly limitSeconds: number },
): Promise<ContainerPipe> {
  const exec = await openExecStream(client, {
    containerId,
    command: ['sh', '-c', pipeScript, 'sh', target.address, String(target.port), String(target.limitSeconds)],
    user: '',
    environment: [],
    workingFolder: '/',
    terminal: false,
  });
  let receivedBytes = 0;
  let said = '';
  const split = exec.split ?? ((bytes) => [{ stream: 'output' as const, bytes }]);
  const stream = new Duplex({
    read: () => exec.stream.resume(),
    write: (chunk: Buffer, _encoding, done) => void exec.stream.write(chunk, done),
    final: (done) => void exec.stream.end(done),
    destroy: (error, done) => {
      // The end of its input ends the program; the engine's stream ends after it.
      exec.stream.end();
      done(error);
    },
  });
  exec.stream.on('data', (chunk: Buffer) => {
    for (const { stream: output, bytes } of split(chunk)) {
      if (output === 'error') said += bytes.toString('utf8');
      else {
        receivedBytes += bytes.length;
        if (!stream.destroyed && !stream.push(bytes)) exec.stream.pause();
      }
    }
  });
  exec.stream.once('end', () => stream.push(null));
  exec.stream.on('error', (error) => stream.destroy(error));
  const isConnected = (): boolean | null => (/^bash$/mu.test(said) ? /^connected$/mu.test(said) : null);
  return {
    stream,
    receivedBytes: () => receivedBytes,
    isConnected,
    reason: () => (isConnected() === true ? '' : lastLine(said)),
    lacksTool: async () => (await exec.exitCode()) === noToolExitCode,
  };
}

/** What bash or netcat said last, without the name of the script. */
const lastLine = (said: string): string => (said.trim().split('\n').at(-1) ?? '').replace(/^.*?: (?:line \d+: )?/u, '');
