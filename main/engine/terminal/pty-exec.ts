import { randomBytes } from 'node:crypto';
import { Duplex } from 'node:stream';
import type { TerminalSize } from '../../../preload/contract/session.ts';
import { createEndMarkerScanner } from './end-marker.ts';
import type { ExecPort } from './exec-session.ts';

/**
 * The part of node-pty that is used. Its own types are not imported: it is an optional dependency, left out where no
 * compiler is, and everything else must compile without it.
 */
export interface PtyModule {
  spawn(
    file: string,
    args: readonly string[],
    options: {
      readonly name: string;
      readonly cols: number;
      readonly rows: number;
      readonly encoding: null;
      readonly env: NodeJS.ProcessEnv;
    },
  ): PtyProcess;
}

interface PtyProcess {
  /** Without an encoding, data is bytes. */
  onData(listener: (data: Buffer) => void): unknown;
  onExit(listener: () => void): unknown;
  write(data: string | Buffer): void;
  resize(columns: number, rows: number): void;
  pause(): void;
  resume(): void;
  kill(signal: string): void;
}

/** node-pty, where it could be built for this machine; null elsewhere: sessions then use the engine's own exec stream. */
export async function loadPty(log: (line: string) => void): Promise<PtyModule | null> {
  // A name that the compiler does not look up.
  const packageName: string = 'node-pty';
  try {
    return (await import(packageName)) as PtyModule;
  } catch (error) {
    log(`node-pty is not there, sessions use the engine's exec stream: ${String(error).split('\n')[0] ?? ''}`);
    return null;
  }
}

export interface PtyExecRequest {
  /** The docker command line program. */
  readonly dockerProgram: string;
  /** DOCKER_HOST of the very engine that the app uses. */
  readonly dockerHost: string;
  readonly containerId: string;
  readonly command: readonly string[];
  /** Empty for the image's own user. */
  readonly user: string;
  /** `NAME=value`. */
  readonly environment: readonly string[];
  readonly workingFolder: string;
  readonly size: TerminalSize;
}

/**
 * Runs docker and stays until its last byte was read: it tells the exit code behind that byte and waits for a line. Without
 * it node-pty drops what is unread when docker exits.
 */
const holdScript = 'docker=$1 nonce=$2; shift 2; "$docker" "$@"; printf "\\036%s:%d\\036" "$nonce" "$?"; read -r line';

/** Opens a program in a container through `docker exec -it` on a pty of this machine. */
export function openPtyExec(pty: PtyModule, request: PtyExecRequest): ExecPort {
  const nonce = randomBytes(16).toString('hex');
  const options = [
    ...(request.user === '' ? [] : ['--user', request.user]),
    ...request.environment.flatMap((one) => ['--env', one]),
    '--workdir',
    request.workingFolder,
  ];
  const docker = ['exec', '--interactive', '--tty', ...options, request.containerId, ...request.command];
  const terminal = pty.spawn('/bin/sh', ['-c', holdScript, 'tazpod-pty', request.dockerProgram, nonce, ...docker], {
    name: 'xterm-256color',
    cols: request.size.columns,
    rows: request.size.rows,
    // Bytes, not strings: a character may be split between two reads.
    encoding: null,
    env: { ...process.env, DOCKER_HOST: request.dockerHost },
  });
  const marker = createEndMarkerScanner(nonce);
  let exitCode: number | null = null;
  /** The pty is closed or about to be: a byte written now would find no file. */
  let isOver = false;
  const stream = new Duplex({
    read: () => terminal.resume(),
    write: (chunk: Buffer, _encoding, done) => {
      if (!isOver) terminal.write(chunk);
      done();
    },
    final: (done) => done(),
    destroy: (error, done) => {
      // The pty's hangup ends docker, whatever it is doing.
      if (exitCode === null && !isOver) terminal.kill('SIGHUP');
      isOver = true;
      done(error);
    },
  });
  terminal.onData((data) => {
    const { output, exitCode: code } = marker.scan(data);
    if (output.length > 0 && !stream.push(output)) terminal.pause();
    if (code === null) return;
    exitCode = code;
    stream.push(null);
    // Lets the holding shell go.
    if (!isOver) terminal.write('\n');
  });
  terminal.onExit(() => {
    isOver = true;
    if (exitCode !== null) return;
    stream.push(marker.rest());
    stream.push(null);
  });
  return {
    stream,
    resize: async ({ rows, columns }) => {
      if (exitCode === null) terminal.resize(columns, rows);
      await Promise.resolve();
    },
    exitCode: async () => Promise.resolve(exitCode),
  };
}
