import type { SessionEnd, SessionRequest, TerminalSize } from '../../../preload/contract/session.ts';
import type { Client } from '../client.ts';
import { CliFailure } from '../failure.ts';
import type { CliIo } from '../io.ts';
import { createTerminalModes } from './terminal-modes.ts';

/** The size of the terminal that shows the session; 80 x 24 where there is none. */
export function terminalSize(io: CliIo): TerminalSize {
  const shown = [io.out, io.err].find((output) => output.isTty);
  return shown === undefined ? { rows: 24, columns: 80 } : { rows: shown.rows(), columns: shown.columns() };
}

/** How a session came to its end here. `reader-gone`: nobody reads our output any more. */
export type SessionOutcome =
  | { readonly how: 'ended'; readonly end: SessionEnd }
  | { readonly how: 'signal'; readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' }
  | { readonly how: 'reader-gone' };

/** What is undone in reverse order, whatever happened; safe to call twice. */
function createUndo(): { add(step: () => void): void; run(): void } {
  const steps: (() => void)[] = [];
  return {
    add: (step) => {
      steps.push(step);
    },
    run: () => {
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) step();
    },
  };
}

/** How the caller takes part: keys on a terminal, three pipes, or as a reader only. */
type Role = 'terminal' | 'pipes' | 'reader';

function roleIn(request: SessionRequest): Role {
  if (request.kind !== 'shell') return 'reader';
  return (request.terminal ?? true) ? 'terminal' : 'pipes';
}

/**
 * Joins a session with the caller's terminal (or pipes) until either side ends. The terminal is put back in any case:
 * at the end, on errors, on signals and when the process exits by itself.
 * @param show what is printed for the bytes that came
 */
export async function runSession(
  client: Client,
  io: CliIo,
  request: SessionRequest,
  show: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
): Promise<SessionOutcome> {
  const role = roleIn(request);
  const isInteractive = role === 'terminal';
  const modes = createTerminalModes();
  const undo = createUndo();
  let written: Promise<void> = Promise.resolve();
  let isReady = false;
  const { promise: ready, resolve: begin } = Promise.withResolvers<void>();
  const { promise: finished, resolve: finish } = Promise.withResolvers<SessionOutcome>();
  const result = await client.openSession(request, {
    onData: (bytes, stream) => {
      if (isInteractive) modes.observe(bytes);
      const output = stream === 'error' ? io.err : io.out;
      // A terminal that is not raw yet would change the first bytes.
      const shown = show(bytes);
      written = isReady ? output.writeBytes(shown) : ready.then(() => output.writeBytes(shown));
      return written;
    },
    onEnd: (end) => finish({ how: 'ended', end }),
  });
  if (!result.ok) throw new CliFailure(result.failure);
  const session = result.value;

  undo.add(io.onExit(() => undo.run()));
  for (const signal of ['SIGTERM', 'SIGHUP', ...(isInteractive ? [] : (['SIGINT'] as const))] as const) {
    undo.add(io.onSignal(signal, () => finish({ how: 'signal', signal })));
  }
  if (role === 'pipes') {
    undo.add(
      io.input.onBytes(
        (bytes) => session.write(bytes),
        () => session.endInput(),
      ),
    );
  }
  if (request.kind === 'shell' && isInteractive) {
    let shown = request.size;
    const resize = (): void => {
      const size = terminalSize(io);
      // A shell draws its prompt anew at each resize, so only real ones are passed on.
      if (size.rows === shown.rows && size.columns === shown.columns) return;
      shown = size;
      session.resize(size);
    };
    const resume = (): void => {
      // Whoever stopped us put the terminal into its own mode.
      io.input.setRaw(false);
      io.input.setRaw(true);
      resize();
    };
    undo.add(() => {
      io.input.setRaw(false);
      const reset = modes.resetSequence();
      if (reset !== '' && io.out.isTty) io.out.write(reset);
    });
    io.input.setRaw(true);
    undo.add(io.onSignal('SIGWINCH', resize));
    undo.add(io.onSignal('SIGCONT', resume));
    undo.add(io.input.onBytes((bytes) => session.write(bytes)));
    // A window resized between the question for its size and the listener.
    resize();
  }
  isReady = true;
  begin();
  try {
    const lost = client.lost.then((failure) => {
      throw failure;
    });
    const gone = io.out.broken.then((): SessionOutcome => ({ how: 'reader-gone' }));
    const outcome = await Promise.race([finished, gone, lost]);
    if (outcome.how === 'ended' && outcome.end.reason === 'engine-lost') {
      // A lost host looks the same from a session; its own word comes at once.
      await Promise.race([lost, delay(50)]);
    }
    if (outcome.how === 'ended') {
      await written;
    } else {
      const isShown = Promise.all([session.end(), written]).then(() => true);
      // Whoever reads us may have stopped for good, and we were told to end.
      if (!(await Promise.race([isShown, delay(endLimitMs).then(() => false)]))) io.out.abandon();
    }
    return outcome;
  } finally {
    undo.run();
  }
}

/** The host ends a session's processes politely within 2 s; a caller who was told to end does not wait much longer. */
const endLimitMs = 3000;

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
