import type { IMarker, Terminal } from '@xterm/headless';

/** As many as a window keeps. */
const maxPrompts = 500;
/** A shell tells by OSC 133 where its prompt is (A), where a command's output begins (C) and how it ended (D). */
const promptMark = 133;

const tell = (words: string): string => `\u001B]${promptMark};${words}\u0007`;

interface Prompt {
  readonly prompt: IMarker;
  output: IMarker | undefined;
  /** What the shell said of its end, `D` or `D;CODE`; empty until then. */
  end: string;
}

/** Follows a shell's prompts, so that a terminal that is drawn anew can be told of them. */
export interface PromptLines {
  /** What to say at the beginning of each line of the normal buffer. */
  marks(): ReadonlyMap<number, string>;
}

export function followPrompts(terminal: Terminal): PromptLines {
  /** In the order of their lines. */
  const prompts: Prompt[] = [];
  const begin = (): void => {
    const { baseY, cursorY } = terminal.buffer.normal;
    // A screen that was cleared has its prompts anew, at the same lines.
    for (let last = prompts.at(-1); last !== undefined; last = prompts.at(-1)) {
      if (!last.prompt.isDisposed && last.prompt.line < baseY + cursorY) break;
      prompts.pop()?.prompt.dispose();
    }
    const prompt = terminal.registerMarker(0);
    if (prompt !== undefined) prompts.push({ prompt, output: undefined, end: '' });
    if (prompts.length > maxPrompts) prompts.shift()?.prompt.dispose();
  };
  terminal.parser.registerOscHandler(promptMark, (data) => {
    if (terminal.buffer.active.type === 'alternate') return true;
    const last = prompts.at(-1);
    if (data.startsWith('A')) begin();
    else if (data.startsWith('C') && last !== undefined) last.output ??= terminal.registerMarker(0);
    else if (last?.output !== undefined && last.end === '' && /^D(?:;\d{1,3})?$/u.test(data)) last.end = data;
    return true;
  });
  return {
    marks: () => {
      const marks = new Map<number, string>();
      const add = (line: number, words: string): void => void marks.set(line, (marks.get(line) ?? '') + tell(words));
      for (const { prompt, output, end } of prompts) {
        if (prompt.isDisposed) continue;
        add(prompt.line, 'A');
        if (output === undefined || output.isDisposed) continue;
        add(output.line, 'C');
        if (end !== '') add(output.line, end);
      }
      return marks;
    },
  };
}
