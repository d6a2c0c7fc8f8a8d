import { Readable, type Duplex } from 'node:stream';
import type { TerminalSize } from '../../../preload/contract/session.ts';
import type { OutputSplitter } from '../engine.ts';
import { reasonOf } from '../failure.ts';
import { askEngine, statusOf, type DockerClient } from './client.ts';
import { createDemultiplexer, createOutputSplitter } from './multiplex.ts';

/** A program in a container, over the engine's own exec stream. */
export interface ExecStream {
  /** Ending it ends the program's input and leaves its output open. */
  readonly stream: Duplex;
  /** Takes the stream's chunks out of their frames; absent on a terminal, whose bytes come as they are. */
  readonly split?: OutputSplitter;
  resize(size: TerminalSize): Promise<void>;
  /**
   * The exit code once it ended; null where the engine can't tell any more. Without a terminal the engine ends the stream
   * with the program, also where that has closed its outputs long before (seen with Docker 20.10).
   */
  exitCode(): Promise<number | null>;
}

export interface ExecStreamRequest {
  readonly containerId: string;
  readonly command: readonly string[];
  /** Empty for the image's own user. */
  readonly user: string;
  readonly environment: readonly string[];
  readonly workingFolder: string;
  readonly terminal: boolean;
}

export async function openExecStream(client: DockerClient, request: ExecStreamRequest): Promise<ExecStream> {
  const action = 'open a session';
  const exec = await askEngine(
    action,
    client.getContainer(request.containerId).exec({
      Cmd: [...request.command],
      User: request.user,
      Env: [...request.environment],
      WorkingDir: request.workingFolder,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Tty: request.terminal,
    }),
  );
  const stream = await askEngine(action, exec.start({ hijack: true, stdin: true, Tty: request.terminal }));
  return {
    stream,
    ...(request.terminal ? {} : { split: createOutputSplitter() }),
    resize: async ({ rows, columns }) => {
      try {
        await exec.resize({ h: rows, w: columns });
      } catch (error) {
        // It ended meanwhile: there is nothing left to resize.
        if (statusOf(error) === 0) await askEngine('resize the session', Promise.reject(error));
      }
    },
    exitCode: async () => {
      try {
        const info = await exec.inspect();
        return info.Running ? null : info.ExitCode;
      } catch (error) {
        if (statusOf(error) > 0) return null;
        return askEngine('read the exit code', Promise.reject(error));
      }
    },
  };
}

/** Whether a session failed because the container has no such user: the engine says it in its answer or on the stream. */
export function isUnknownUser(error: unknown): boolean {
  return /unable to find user|no matching entries in passwd|unknown user/iu.test(reasonOf(error));
}

/** The container's own output as a stream of multiplexed chunks and the way to read them, both streams in order. */
export async function openLogStream(
  client: DockerClient,
  containerId: string,
  options: { readonly follow: boolean; readonly tailLines: number | null },
): Promise<{ readonly stream: Readable; readonly decode: (chunk: Buffer) => Buffer }> {
  const container = client.getContainer(containerId);
  const both = { stdout: true, stderr: true };
  const tail = options.tailLines === null ? {} : { tail: options.tailLines };
  const decode = createDemultiplexer();
  if (options.follow) {
    const stream = await askEngine('read the log', container.logs({ ...both, ...tail, follow: true }));
    return { stream: stream as Readable, decode };
  }
  if (options.tailLines !== null) {
    const bytes = await askEngine('read the log', container.logs({ ...both, ...tail, follow: false }));
    return { stream: Readable.from([bytes]), decode };
  }
  // A whole log can be larger than memory: attaching to what was printed streams it, where `logs` would collect it.
  const stream = await askEngine('read the log', container.attach({ ...both, logs: true, stream: false }));
  return { stream: stream as unknown as Readable, decode };
}
