import { StringDecoder } from 'node:string_decoder';
import type { ReadStream, WriteStream } from 'node:tty';

/** What a line that is not shown has become after some keys. */
export type HiddenLine =
  | { readonly status: 'open'; readonly text: string }
  /** `rest`: keys after Enter, for whoever reads next. */
  | { readonly status: 'done'; readonly text: string; readonly rest: string }
  | { readonly status: 'cancelled' };

// oxlint-disable-next-line no-control-regex -- keys that are no text begin with escape
const keySequence = /^\u001b(?:\[[\d;?]*[@-~]|O.|.)?/u;

/** Takes typed keys into the line: Enter ends it, Ctrl-C and Ctrl-D cancel it, Backspace and Ctrl-U take back. */
export function typeHidden(line: string, keys: string): HiddenLine {
  let text = line;
  let rest = keys;
  while (rest !== '') {
    const [key = ''] = keySequence.exec(rest) ?? [String.fromCodePoint(rest.codePointAt(0) ?? 0)];
    rest = rest.slice(key.length);
    if (key === '\r' || key === '\n') return { status: 'done', text, rest };
    if (key === '\u0003' || key === '\u0004') return { status: 'cancelled' };
    if (key === '\u007f' || key === '\b') text = Array.from(text).slice(0, -1).join('');
    else if (key === '\u0015') text = '';
    else if (key >= ' ') text += key;
  }
  return { status: 'open', text };
}

const endingSignals = ['SIGTERM', 'SIGHUP'] as const;

/**
 * Shows the question and reads one line without showing it. The terminal is put back in any case, also where a signal
 * ends the process.
 * @returns null at Ctrl-C, Ctrl-D and the end of the input
 */
export function askHiddenLine(input: ReadStream, output: WriteStream, question: string): Promise<string | null> {
  return new Promise((resolve) => {
    const decoder = new StringDecoder('utf8');
    const wasRaw = input.isRaw;
    let line = '';
    const restore = (): void => {
      input.off('data', onData);
      for (const ending of ['end', 'error', 'close'] as const) input.off(ending, onOver);
      for (const signal of endingSignals) process.off(signal, onSignal);
      process.off('exit', restore);
      input.setRawMode(wasRaw);
      input.pause();
      output.write('\n');
    };
    const finish = (answer: string | null): void => {
      restore();
      resolve(answer);
    };
    const onData = (chunk: Buffer): void => {
      const typed = typeHidden(line, decoder.write(chunk));
      if (typed.status === 'open') {
        line = typed.text;
        return;
      }
      finish(typed.status === 'done' ? typed.text : null);
      if (typed.status === 'done' && typed.rest !== '') input.unshift(Buffer.from(typed.rest));
    };
    const onOver = (): void => finish(null);
    const onSignal = (signal: NodeJS.Signals): void => {
      restore();
      process.kill(process.pid, signal);
    };
    for (const signal of endingSignals) process.once(signal, onSignal);
    process.once('exit', restore);
    for (const ending of ['end', 'error', 'close'] as const) input.once(ending, onOver);
    // Raw before the question: what is typed at once is not shown either.
    input.setRawMode(true);
    output.write(question);
    input.on('data', onData);
    input.resume();
  });
}
