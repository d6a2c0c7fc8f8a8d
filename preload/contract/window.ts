import * as v from 'valibot';
import { CommandSchema, ProjectIdSchema, SessionIdSchema } from './commands.ts';
import type { DoctorRow } from './doctor.ts';
import type { ListeningPort } from './listening.ts';
import type { CommandAnswer, Result } from './parse.ts';
import type { ScreenPiece, SessionEnd } from './session.ts';
import { SettingsChangeSchema, type Settings } from './settings.ts';
import type { Snapshot } from './snapshot.ts';
import type { SnapshotChange } from './snapshot-change.ts';
import type { StatsSample } from './stats.ts';
import { TerminalLayoutSchema, type TerminalLayout } from './terminal-layout.ts';

/**
 * Everything that crosses between a window and the main process, in one place: each request's arguments are checked at
 * run time by its schema, and both sides take their types from here.
 */

const SizeSchema = v.strictObject({
  rows: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096)),
  columns: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096)),
});
/** Pasting is the largest input; the page splits what is longer. */
const InputBytesSchema = v.pipe(v.instance(Uint8Array), v.maxSize(1024 * 1024));
const TextSchema = v.pipe(v.string(), v.maxLength(16 * 1024 * 1024));

/** How a command in a terminal ended, as its shell told it: no word of the command itself. */
const CommandEndSchema = v.strictObject({
  durationMs: v.pipe(v.number(), v.finite(), v.minValue(0)),
  exitCode: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(999))),
});

export type CommandEnd = v.InferOutput<typeof CommandEndSchema>;

/** Arguments of each request, by channel. */
export const requestSchemas = {
  execute: v.strictTuple([CommandSchema]),
  subscribe: v.strictTuple([]),
  chooseFolders: v.strictTuple([]),
  openFolder: v.strictTuple([ProjectIdSchema]),
  openLink: v.strictTuple([v.pipe(v.string(), v.maxLength(4096), v.url())]),
  copyText: v.strictTuple([TextSchema]),
  readText: v.strictTuple([]),
  openTerminal: v.strictTuple([ProjectIdSchema, SizeSchema]),
  attachTerminal: v.strictTuple([SessionIdSchema, SizeSchema]),
  detachTerminal: v.strictTuple([SessionIdSchema]),
  closeTerminal: v.strictTuple([SessionIdSchema]),
  openTerminalWindow: v.strictTuple([ProjectIdSchema, v.nullable(SessionIdSchema)]),
  watch: v.strictTuple([v.picklist(['stats', 'ports']), v.nullable(ProjectIdSchema)]),
  lookAround: v.strictTuple([v.nullable(ProjectIdSchema)]),
  saveDiagnostics: v.strictTuple([v.nullable(ProjectIdSchema)]),
  readSettings: v.strictTuple([]),
  changeSettings: v.strictTuple([SettingsChangeSchema]),
  retryEngine: v.strictTuple([]),
} as const;

/** Messages from a window that want no answer. */
export const messageSchemas = {
  writeTerminal: v.strictTuple([SessionIdSchema, InputBytesSchema]),
  resizeTerminal: v.strictTuple([SessionIdSchema, SizeSchema]),
  /** So many more bytes of the session were shown. */
  acknowledgeTerminal: v.strictTuple([SessionIdSchema, v.pipe(v.number(), v.integer(), v.minValue(1))]),
  /** A command in a terminal of the project ran long and ended while nobody looked. */
  tellCommandEnded: v.strictTuple([ProjectIdSchema, CommandEndSchema]),
  /** Whether nobody can see this window now: then its terminals must not slow down what they run. */
  tellHidden: v.strictTuple([v.boolean()]),
  /** Whether the window shows this session now, or has it behind another tab. */
  tellInView: v.strictTuple([SessionIdSchema, v.boolean()]),
  /** The window has dropped what is above the prompt: it must not come back with the session's screen. */
  clearTerminal: v.strictTuple([SessionIdSchema]),
  /** The main window has drawn its list: what is left to do can be done now. */
  tellListShown: v.strictTuple([]),
  /** How the main window arranges a project's terminals now: its next page begins with that. */
  keepTerminalLayout: v.strictTuple([ProjectIdSchema, TerminalLayoutSchema]),
} as const;

export type RequestName = keyof typeof requestSchemas;
export type MessageName = keyof typeof messageSchemas;
export type RequestArguments<Name extends RequestName> = v.InferOutput<(typeof requestSchemas)[Name]>;
export type MessageArguments<Name extends MessageName> = v.InferOutput<(typeof messageSchemas)[Name]>;

/** What each request answers. */
export interface RequestResults {
  execute: CommandAnswer;
  subscribe: WindowStart;
  /** Folders that the person chose; empty when cancelled. */
  chooseFolders: readonly string[];
  openFolder: Result<null>;
  openLink: Result<null>;
  copyText: null;
  readText: string;
  /** A new session of the project; attach to it to see it. */
  openTerminal: Result<{ readonly sessionId: string }>;
  /** What it shows arrives as `terminalScreen`, before this answer or after it, and what follows as `terminalData`. */
  attachTerminal: Result<null>;
  detachTerminal: null;
  closeTerminal: null;
  openTerminalWindow: null;
  /** The one project whose stats or ports this window shows from now on; null for none. They arrive as `watchSample`. */
  watch: Result<null>;
  /** What doctor finds now, of a project too where one is named. */
  lookAround: Result<readonly DoctorRow[]>;
  /** Asks where to, and writes what doctor finds there for a bug report; null where the person changed their mind. */
  saveDiagnostics: Result<{ readonly file: string } | null>;
  readSettings: Settings;
  changeSettings: Settings;
  /** Looks for the engine at once instead of at the next attempt. */
  retryEngine: null;
}

/** What a window needs to begin with. */
export interface WindowStart {
  readonly snapshot: Snapshot;
  readonly settings: Settings;
  readonly runtime: RuntimeInfo;
  /** What this window is: the main one, or a terminal's own. */
  readonly view: WindowView;
  /** By project, how the main window arranged its terminals; sessions that have ended since are still named. */
  readonly terminalLayouts: Readonly<Record<string, TerminalLayout>>;
}

export type WindowView =
  | { readonly kind: 'main' }
  | { readonly kind: 'terminal'; readonly projectId: string; readonly sessionId: string | null };

export interface RuntimeInfo {
  readonly platform: 'linux' | 'darwin' | 'win32' | 'other';
  /** For example `Electron 45.4.1`. */
  readonly name: string;
  readonly appVersion: string;
  /** False where the desktop shows no tray icons: closing the window minimises then. */
  readonly hasTray: boolean;
}

/** What a window can watch of a project, and what one look at it gives. */
export interface WatchedSamples {
  readonly stats: StatsSample;
  readonly ports: readonly ListeningPort[];
}

export type WatchKind = keyof WatchedSamples;

export type WatchSample = {
  readonly [Kind in WatchKind]: {
    readonly kind: Kind;
    readonly projectId: string;
    readonly sample: WatchedSamples[Kind];
  };
}[WatchKind];

/** What of a project comes into view: a tab, or the question whether to stop it without saving its vault. */
export type ProjectPart = 'terminal' | 'vault' | 'sync' | 'stop-without-saving';

/** What the main process tells its windows unasked. */
export interface WindowEvents {
  snapshotChange: SnapshotChange;
  settingsChange: Settings;
  /** Bring this project into view: from the tray or a notification. */
  showProject: { readonly projectId: string; readonly part: ProjectPart | null };
  /** Bring a page that belongs to no project into view: from the tray. */
  showPage: { readonly page: 'doctor' };
  terminalData: { readonly sessionId: string; readonly bytes: Uint8Array };
  /** After attaching, and where this window missed output while it was hidden. These bytes are not acknowledged. */
  terminalScreen: ScreenPiece & { readonly sessionId: string };
  watchSample: WatchSample;
  /** Nothing follows any more. */
  watchEnd: Pick<WatchSample, 'kind' | 'projectId'>;
  terminalEnd: { readonly sessionId: string; readonly end: SessionEnd };
  /** Another window shows this session from now on: nothing more of it comes here. */
  terminalTaken: { readonly sessionId: string };
}

export type WindowEventName = keyof WindowEvents;
