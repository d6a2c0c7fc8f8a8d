import { homedir } from 'node:os';
import { createInterface } from 'node:readline';
import { isatty, type ReadStream, type WriteStream } from 'node:tty';
import type { CliInput, CliIo, CliOutput } from './io.ts';

function toOutput(stream: WriteStream, fd: number): CliOutput {
  let isBroken = false;
  const broken = new Promise<void>((resolve) => {
    stream.on('error', () => {
      isBroken = true;
      resolve();
    });
  });
  const isTty = isatty(fd);
  return {
    isTty,
    broken,
    columns: () => (isTty ? stream.columns || 80 : Infinity),
    rows: () => (isTty ? stream.rows || 24 : 24),
    write: (text) => {
      if (!isBroken) stream.write(text);
    },
    writeBytes: (bytes) =>
      new Promise((resolve) => {
        if (isBroken || stream.write(bytes)) {
          resolve();
          return;
        }
        const go = (): void => {
          stream.off('drain', go);
          stream.off('error', go);
          resolve();
        };
        stream.on('drain', go);
        stream.on('error', go);
      }),
  };
}

/** An unreadable input (closed, EIO after the terminal went away) is the same as none. */
function ignore(): void {
  // Nothing to do: no more bytes come.
}

function askLine(input: ReadStream, output: WriteStream, question: string): Promise<string | null> {
  return new Promise((resolve) => {
    const lines = createInterface({ input, output, terminal: true, historySize: 0 });
    let answer: string | null = null;
    lines.on('SIGINT', () => {
      output.write('\n');
      lines.close();
    });
    lines.on('close', () => {
      input.pause();
      resolve(answer);
    });
    lines.question(question, (text) => {
      answer = text;
      lines.close();
    });
  });
}

function toInput(stream: ReadStream, questions: WriteStream): CliInput {
  return {
    isTty: isatty(0),
    setRaw: (raw) => {
      if (stream.isTTY && stream.isRaw !== raw) stream.setRawMode(raw);
    },
    onBytes: (listener) => {
      const onData = (chunk: Buffer): void => {
        const taken = listener(chunk);
        if (taken === undefined) return;
        stream.pause();
        const goOn = (): void => {
          if (stream.listeners('data').includes(onData)) stream.resume();
        };
        taken.then(goOn, goOn);
      };
      stream.on('error', ignore);
      stream.on('data', onData);
      // A question before this one left it paused.
      stream.resume();
      return () => {
        stream.off('data', onData);
        stream.pause();
      };
    },
    ask: (question) => askLine(stream, questions, question),
  };
}

/** The shell's own idea of it where the folder was deleted under us. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return process.env['PWD'] ?? '/';
  }
}

/** The real process. */
export function processIo(): CliIo {
  return {
    out: toOutput(process.stdout, 1),
    err: toOutput(process.stderr, 2),
    input: toInput(process.stdin, process.stderr),
    environment: process.env,
    currentFolder: currentFolder(),
    homeFolder: homedir(),
    nowMs: Date.now,
    onSignal: (signal, listener) => {
      process.on(signal, listener);
      return () => {
        process.off(signal, listener);
      };
    },
    onExit: (listener) => {
      process.on('exit', listener);
      return () => {
        process.off('exit', listener);
      };
    },
  };
}

function flush(stream: WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}

/** Resolves when everything written to both outputs has left the process, or their readers have. */
export async function flushOutputs(): Promise<void> {
  await Promise.all([flush(process.stdout), flush(process.stderr)]);
}
