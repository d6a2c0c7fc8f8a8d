import { createFloodMeter } from '../../preload/contract/flood-meter.ts';
import type { ScreenPiece, SessionEnd, TerminalSize } from '../../preload/contract/session.ts';
import type { Session } from '../engine/engine.ts';
import { shareSource } from '../engine/terminal/acknowledged-window.ts';
import { createCountClamp } from '../engine/terminal/count-clamp.ts';
import { keepScreen } from '../engine/terminal/kept-screen.ts';
import { toPiece } from '../engine/terminal/output-backlog.ts';
import { OutputFlow } from '../engine/terminal/output-flow.ts';

export interface TerminalOptions<Viewer> {
  readonly session: Session;
  readonly size: TerminalSize;
  /** Lines that viewers keep above the screen now. */
  readonly scrollbackLines: () => number;
  readonly send: (viewer: Viewer, bytes: Uint8Array) => void;
  /** The viewer begins, or missed output: what it shows is replaced by this. */
  readonly showScreen: (viewer: Viewer, piece: ScreenPiece) => void;
  readonly tellEnd: (viewer: Viewer, end: SessionEnd) => void;
  /** Another viewer shows it from now on. */
  readonly tellTaken: (viewer: Viewer) => void;
}

/** One session with what its screen shows and the one viewer that shows it. */
export interface Terminal<Viewer> {
  add(bytes: Uint8Array): void;
  finish(end: SessionEnd): void;
  /** Shows the viewer the screen as it is, then what follows. Settles once it is shown. */
  attach(viewer: Viewer, size: TerminalSize, isHidden: boolean): Promise<void>;
  detach(viewer: Viewer): void;
  /** The viewer's window is seen, or not. */
  setHidden(viewer: Viewer, isHidden: boolean): Promise<void>;
  /** The viewer shows it, or has it behind another one; it does while it attaches. */
  setInView(viewer: Viewer, isInView: boolean): Promise<void>;
  write(bytes: Uint8Array): void;
  /** Another terminal is typed into: where this one floods it is not read for a moment. */
  giveWay(): void;
  resize(size: TerminalSize): void;
  /** False where the viewer claims more than it was sent. */
  acknowledge(viewer: Viewer, bytes: number): boolean;
  /** Drops from its screen what is above the line with the cursor, as its viewer did. */
  clear(): void;
  /** Ends the session and lets go of its screen. */
  close(): Promise<void>;
  dispose(): void;
}

/** Rows, more than a screen shows: the viewer may be taller by the time it gets what is sent now. */
const maxRows = 256;

/**
 * How long a terminal that floods leaves the processor to one that is typed into, in milliseconds: longer than between two
 * keys of somebody who types. Beside a flood each key took twice as long otherwise, at worst ten times.
 */
const giveWayMs = 150;

export async function openTerminal<Viewer>(options: TerminalOptions<Viewer>): Promise<Terminal<Viewer>> {
  const { session } = options;
  const share = shareSource(session);
  const screen = await keepScreen(options.size, options.scrollbackLines(), share());
  let shownSize = options.size;
  const clamp = createCountClamp(() => shownSize);
  let viewer: Viewer | null = null;
  let end: SessionEnd | null = null;
  const look = { isHidden: false, isInView: true };
  const flow = new OutputFlow(
    share(),
    (bytes) => {
      if (viewer !== null) options.send(viewer, bytes);
    },
    () => options.scrollbackLines() + maxRows,
  );
  const wayGiver = share();
  const meter = createFloodMeter(() => performance.now());
  /** Runs while way is given. */
  let goOn: ReturnType<typeof setTimeout> | undefined;
  let endIsTold = false;
  /** Told once to each that shows it: after the last byte, and after the screen it belongs to. */
  const tellEnd = (): void => {
    if (viewer === null || end === null || flow.isHeld || endIsTold) return;
    endIsTold = true;
    options.tellEnd(viewer, end);
  };
  let draws = 0;
  const draw = async (to: Viewer): Promise<void> => {
    viewer = to;
    endIsTold = false;
    draws += 1;
    const own = draws;
    // Another viewer may take it meanwhile, or this one ask again.
    const isWanted = (): boolean => viewer === to && own === draws;
    flow.hold(look.isHidden || !look.isInView);
    await screen.draw((piece) => {
      if (isWanted()) options.showScreen(to, piece);
    });
    if (!isWanted()) return;
    flow.letIn();
    tellEnd();
  };
  const changeLook = async (of: Viewer, part: Partial<typeof look>): Promise<void> => {
    if (viewer !== of) return;
    Object.assign(look, part);
    if (flow.setHidden(look.isHidden || !look.isInView)) await draw(of);
  };
  const resize = (size: TerminalSize): void => {
    shownSize = size;
    screen.resize(size);
    session.resize(size);
  };

  return {
    add: (bytes) => {
      // A copy: the stream may use its buffer again.
      const clamped = clamp(new Uint8Array(bytes));
      if (clamped.length === 0) return;
      meter.add(clamped.length);
      const piece = toPiece(clamped);
      screen.add(piece);
      flow.push(piece);
    },
    finish: (how) => {
      end = how;
      flow.flush();
      tellEnd();
    },
    attach: async (to, size, isHidden) => {
      if (viewer !== null && viewer !== to) options.tellTaken(viewer);
      resize(size);
      look.isHidden = isHidden;
      look.isInView = true;
      await draw(to);
    },
    detach: (from) => {
      if (viewer !== from) return;
      viewer = null;
      flow.leave();
    },
    setHidden: async (of, isHidden) => changeLook(of, { isHidden }),
    setInView: async (of, isInView) => changeLook(of, { isInView }),
    write: (bytes) => {
      flow.typed(bytes);
      void session.write(bytes);
    },
    giveWay: () => {
      // What is not read can't be seen to flood.
      if (goOn === undefined && !meter.isFlooding()) return;
      wayGiver.pause();
      clearTimeout(goOn);
      goOn = setTimeout(() => {
        goOn = undefined;
        wayGiver.resume();
      }, giveWayMs);
    },
    resize,
    acknowledge: (from, bytes) => viewer !== from || flow.acknowledge(bytes),
    clear: () => screen.clear(),
    close: async () => {
      clearTimeout(goOn);
      flow.leave();
      screen.dispose();
      await session.end();
    },
    dispose: () => screen.dispose(),
  };
}
