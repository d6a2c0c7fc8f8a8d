import type { Duplex } from 'node:stream';
import { askEngine, type DockerClient } from './client.ts';
import { createDemultiplexer } from './multiplex.ts';

/** What a program in a container printed, and how it ended. */
export interface ExecResult {
  readonly exitCode: number;
  readonly output: string;
}

/** Longest output that is kept, in bytes; our own scripts print a few lines. */
const maxOutputBytes = 64 * 1024;

/**
 * Runs a program in a container without a terminal and waits for its end.
 * @param user a user of the container, or empty for the image's own
 */
export async function runInContainer(
  client: DockerClient,
  containerId: string,
  command: readonly string[],
  user: string,
): Promise<ExecResult> {
  const action = 'run a program in the container';
  const exec = await askEngine(
    action,
    client.getContainer(containerId).exec({
      Cmd: [...command],
      User: user,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
    }),
  );
  const stream = await askEngine(action, exec.start({ hijack: true, stdin: false }));
  const output = await readOutput(stream);
  const { ExitCode: exitCode } = await askEngine(action, exec.inspect());
  return { exitCode: exitCode ?? -1, output };
}

async function readOutput(stream: Duplex): Promise<string> {
  const demultiplex = createDemultiplexer();
  const parts: Buffer[] = [];
  for await (const chunk of stream) parts.push(demultiplex(chunk as Buffer));
  return Buffer.concat(parts).subarray(0, maxOutputBytes).toString('utf8');
}
