import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { createInterface } from 'node:readline';
import { isatty, type ReadStream, type WriteStream } from 'node:tty';
import { askHiddenLine } from './hidden-line.ts';
import type { CliInput, CliIo, CliOutput } from './io.ts';
import { openPage } from './open-page.ts';

/** Outputs whose readers are not waited for any more. */
const abandoned = new Set<WriteStream>();

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
    abandon: () => {
      isBroken = true;
      abandoned.add(stream);
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
      if (!stream.isTTY || stream.isRaw === raw) return;
      stream.setRawMode(raw);
      // Node's raw mode still writes a line feed as two characters, which the terminal in the container has done already.
      // Leaving raw mode restores everything.
      if (raw && process.platform !== 'win32') {
        spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] });
      }
    },
    onBytes: (listener, onEnd = ignore) => {
      const onData = (chunk: Buffer): void => {
        const taken = listener(chunk);
        if (taken === undefined) return;
        stream.pause();
        const goOn = (): void => {
          if (stream.listeners('data').includes(onData)) stream.resume();
        };
        taken.then(goOn, goOn);
      };
      // 'end' alone would not come where the input can't be read; 'close' alone not where it stays open.
      let isOver = false;
      const onOver = (): void => {
        if (!isOver) onEnd();
        isOver = true;
      };
      const endings = ['end', 'error', 'close'] as const;
      stream.on('error', ignore);
      for (const ending of endings) stream.on(ending, onOver);
      if (stream.readableEnded || stream.destroyed) onOver();
      stream.on('data', onData);
      // A question before this one left it paused.
      stream.resume();
      return () => {
        for (const ending of endings) stream.off(ending, onOver);
        stream.off('data', onData);
        stream.pause();
      };
    },
    ask: (question) => askLine(stream, questions, question),
    askHidden: (question) => askHiddenLine(stream, questions, question),
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
    openPage,
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
    // A write that nobody takes can't be taken back: process.stdout has no way to be destroyed.
    if (abandoned.has(stream)) resolve();
    else stream.write('', () => resolve());
  });
}

/** Resolves when everything written to both outputs has left the process, their readers have, or they were abandoned. */
export async function flushOutputs(): Promise<void> {
  await Promise.all([flush(process.stdout), flush(process.stderr)]);
}
