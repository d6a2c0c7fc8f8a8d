import type { IDecoration, IMarker, Terminal } from '@xterm/xterm';
import type { CommandEnd } from '../../preload/contract/window.ts';

/** Older prompts lose their mark: each costs a little with every line that scrolls. */
const maxMarks = 500;

/** A shell tells by OSC 133 where its prompt is (A), where a command's output begins (C) and how it ended (D). */
const promptMark = 133;

/** What is used of xterm.js. */
export type MarkedTerminal = Pick<
  Terminal,
  'buffer' | 'parser' | 'registerMarker' | 'registerDecoration' | 'scrollToLine' | 'scrollToBottom' | 'selectLines'
>;

/** The prompts of one terminal. */
export interface PromptMarks {
  /** Shows the prompt before the one in view, or the one after it. */
  jump(backward: boolean): void;
  /** Selects what the last command printed, or the one of the prompt that was jumped to. */
  selectOutput(): void;
}

interface Mark {
  readonly prompt: IMarker;
  output: IMarker | undefined;
  startedAtMs: number;
  /** null until the command ended. */
  end: CommandEnd | null;
}

/** Nothing, `ok` or `failed`: how the command of a prompt ended. */
const stateOf = ({ end }: Mark): string => (end === null ? '' : (end.exitCode ?? 0) === 0 ? 'ok' : 'failed');

function drawMark(mark: Mark, element: HTMLElement): void {
  element.classList.add('prompt-mark');
  element.dataset['state'] = stateOf(mark);
  const code = mark.end?.exitCode;
  element.title = code === undefined ? '' : `Exit code ${code}`;
}

/**
 * Follows the prompts of a shell that tells them.
 * @param nowMs any clock that only goes forward
 */
export function markPrompts(
  terminal: MarkedTerminal,
  nowMs: () => number,
  onCommandEnd: (end: CommandEnd) => void,
): PromptMarks {
  /** In the order of their lines. */
  const marks: Mark[] = [];
  let jumped: { readonly mark: Mark; readonly viewportY: number } | null = null;
  const normal = (): Terminal['buffer']['normal'] => terminal.buffer.normal;
  const cursorLine = (): number => normal().baseY + normal().cursorY;
  const dropFirst = (): void => marks.shift()?.prompt.dispose();
  const dropGone = (): void => {
    while (marks[0]?.prompt.isDisposed === true) marks.shift();
  };
  const dropFrom = (line: number): void => {
    for (let mark = marks.at(-1); mark !== undefined; mark = marks.at(-1)) {
      if (!mark.prompt.isDisposed && mark.prompt.line < line) return;
      marks.pop()?.prompt.dispose();
    }
  };

  const begin = (): void => {
    // A screen that was cleared has its prompts anew, at the same lines.
    dropFrom(cursorLine());
    const prompt = terminal.registerMarker(0);
    const mark: Mark = { prompt, output: undefined, startedAtMs: 0, end: null };
    marks.push(mark);
    if (marks.length > maxMarks) dropFirst();
    const decoration: IDecoration | undefined = terminal.registerDecoration({ marker: prompt, width: 1 });
    decoration?.onRender((element) => drawMark(mark, element));
  };
  const run = (): void => {
    const mark = marks.at(-1);
    if (mark === undefined || mark.output !== undefined) return;
    mark.output = terminal.registerMarker(0);
    mark.startedAtMs = nowMs();
  };
  const finish = (words: string | undefined): void => {
    const mark = marks.at(-1);
    if (mark?.output === undefined || mark.end !== null) return;
    const durationMs = nowMs() - mark.startedAtMs;
    const isCode = words !== undefined && /^\d{1,3}$/u.test(words);
    mark.end = isCode ? { durationMs, exitCode: Number(words) } : { durationMs };
    onCommandEnd(mark.end);
  };

  terminal.parser.registerOscHandler(promptMark, (data) => {
    if (terminal.buffer.active.type === 'alternate') return true;
    const [kind, code] = data.split(';');
    if (kind === 'A') begin();
    else if (kind === 'C') run();
    else if (kind === 'D') finish(code);
    return true;
  });

  /** The line from which the next prompt is looked for. */
  const lineInView = (): number => {
    const { viewportY, baseY } = normal();
    if (jumped !== null && !jumped.mark.prompt.isDisposed && jumped.viewportY === viewportY) {
      return jumped.mark.prompt.line;
    }
    return viewportY === baseY ? cursorLine() : viewportY;
  };

  return {
    jump: (backward) => {
      dropGone();
      const from = lineInView();
      const mark = backward
        ? marks.findLast(({ prompt }) => prompt.line < from)
        : marks.find(({ prompt }) => prompt.line > from);
      if (mark === undefined) {
        if (!backward) terminal.scrollToBottom();
        return;
      }
      terminal.scrollToLine(mark.prompt.line);
      jumped = { mark, viewportY: normal().viewportY };
    },
    selectOutput: () => {
      dropGone();
      const isThere = jumped !== null && jumped.viewportY === normal().viewportY && marks.includes(jumped.mark);
      const mark = isThere ? jumped?.mark : marks.findLast(({ output }) => output !== undefined);
      if (mark?.output === undefined || mark.output.isDisposed) return;
      const next = marks[marks.indexOf(mark) + 1];
      const last = (next?.prompt.line ?? cursorLine()) - 1;
      if (last >= mark.output.line) terminal.selectLines(mark.output.line, last);
    },
  };
}

/** Whether the end of a command is worth a notification: it took long, and nobody looks at its terminal. */
export function wantsNotice({ durationMs }: CommandEnd, isSeen: boolean, afterSeconds: number): boolean {
  return !isSeen && afterSeconds > 0 && durationMs >= afterSeconds * 1_000;
}
