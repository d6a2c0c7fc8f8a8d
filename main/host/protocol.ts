import * as v from 'valibot';
import { errorCodes, type ErrorCode, type Failure } from '../../preload/contract/errors.ts';
import { formatIssues, type CommandAnswer } from '../../preload/contract/parse.ts';
import type { SessionEnd } from '../../preload/contract/session.ts';
import type { Snapshot } from '../../preload/contract/snapshot.ts';
import type { SnapshotChange } from '../../preload/contract/snapshot-change.ts';

/**
 * What travels as JSON between a client and the host process. The host greets first with `hello`.
 *
 * Versions meet here: an updated app finds yesterday's agent. So `hello` (its `protocol` and `kind`), `execute` of
 * `quitHost` and `handover` with their answers keep their shape for ever; everything else may change with the number.
 */
export const protocolVersion = 5;

const RequestNumberSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff));
const ByteCountSchema = v.pipe(v.number(), v.integer(), v.minValue(1));
const CellsSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000));
const SizeSchema = v.strictObject({ rows: CellsSchema, columns: CellsSchema });
const SessionProjectIdSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/u));
/** A program or argument, as execve takes it. */
const WordSchema = v.pipe(v.string(), v.maxLength(131_072), v.regex(/^[^\0]*$/u, 'a word holds no NUL'));

const SessionRequestSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('shell'),
    projectId: SessionProjectIdSchema,
    size: SizeSchema,
    terminal: v.exactOptional(v.boolean()),
    command: v.exactOptional(v.pipe(v.array(WordSchema), v.minLength(1), v.maxLength(4096), v.readonly())),
  }),
  v.strictObject({
    kind: v.literal('logs'),
    projectId: SessionProjectIdSchema,
    follow: v.boolean(),
    tailLines: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000))),
  }),
  v.strictObject({ kind: v.literal('stats'), projectId: SessionProjectIdSchema, follow: v.boolean() }),
  v.strictObject({ kind: v.literal('ports'), projectId: SessionProjectIdSchema, follow: v.boolean() }),
  v.strictObject({ kind: v.literal('doctor'), projectId: v.nullable(SessionProjectIdSchema) }),
]);

const ClientMessageSchema = v.variant('type', [
  /** `command` is checked by the contract's `parseCommand`; it alone makes commands. */
  v.strictObject({ type: v.literal('execute'), request: RequestNumberSchema, command: v.unknown() }),
  /** Once per connection: answered with the whole snapshot, then followed by changes. */
  v.strictObject({ type: v.literal('subscribe'), request: RequestNumberSchema }),
  /** The request's number becomes the session's, so that its bytes need no second name. */
  v.strictObject({
    type: v.literal('openSession'),
    request: RequestNumberSchema,
    session: SessionRequestSchema,
  }),
  v.strictObject({ type: v.literal('resize'), session: RequestNumberSchema, size: SizeSchema }),
  /** So many more bytes of the session's output have been shown. */
  v.strictObject({
    type: v.literal('acknowledge'),
    session: RequestNumberSchema,
    bytes: ByteCountSchema,
  }),
  /** No more input follows for the session. */
  v.strictObject({ type: v.literal('endInput'), session: RequestNumberSchema }),
  v.strictObject({ type: v.literal('endSession'), session: RequestNumberSchema }),
  /** The app takes over: drain, let go of the socket, answer. */
  v.strictObject({ type: v.literal('handover'), request: RequestNumberSchema }),
]);

export type ClientMessage = v.InferOutput<typeof ClientMessageSchema>;

const HelloSchema = v.object({
  type: v.literal('hello'),
  protocol: v.pipe(v.number(), v.integer()),
  version: v.string(),
  kind: v.picklist(['app', 'agent']),
  processId: v.pipe(v.number(), v.integer()),
  installId: v.string(),
});

/** How the host introduces itself. */
export type Hello = Omit<v.InferOutput<typeof HelloSchema>, 'type'>;

/** Why a host lets its clients go. */
export type HostStopReason = 'quit' | 'signal' | 'idle' | 'handed-over' | 'failed';

const HandoverPayloadSchema = v.looseObject({
  reason: v.literal('taken-over'),
  fromVersion: v.string(),
  /** Sessions that stay with the old host until they end. */
  openSessions: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Unlocked vaults with their keys; the engine core checks each. */
  vaults: v.optional(v.array(v.unknown())),
});

/** What the old host gives the new one. Later versions add fields; unknown ones pass through. */
export type HandoverPayload = v.InferOutput<typeof HandoverPayloadSchema>;

const FailureSchema = v.object({
  code: v.custom<ErrorCode>((code) => errorCodes.some((known) => known === code), 'an unknown failure code'),
  message: v.string(),
  nextStep: v.string(),
  details: v.exactOptional(v.string()),
});

const SessionEndSchema = v.object({
  reason: v.picklist(['exited', 'container-stopped', 'closed', 'engine-lost']),
  exitCode: v.exactOptional(v.number()),
});

/** A value with a revision. The host made it from its own types; its inside is not checked field by field again. */
function revised<Value extends { readonly revision: number }>() {
  return v.custom<Value>(
    (value) => typeof value === 'object' && value !== null && 'revision' in value && typeof value.revision === 'number',
    'a value with a revision',
  );
}

const HostMessageSchema = v.variant('type', [
  HelloSchema,
  v.object({
    type: v.literal('answer'),
    request: RequestNumberSchema,
    answer: v.variant('accepted', [
      v.object({ accepted: v.literal(true), operationId: v.exactOptional(v.string()) }),
      v.object({ accepted: v.literal(false), failure: FailureSchema }),
    ]),
  }),
  v.object({ type: v.literal('subscribed'), request: RequestNumberSchema, snapshot: revised<Snapshot>() }),
  v.object({ type: v.literal('change'), change: revised<SnapshotChange>() }),
  v.object({ type: v.literal('sessionOpened'), request: RequestNumberSchema }),
  /** So many more bytes of the session's input have been taken by its program's stream. */
  v.object({ type: v.literal('taken'), session: RequestNumberSchema, bytes: ByteCountSchema }),
  v.object({ type: v.literal('sessionEnded'), session: RequestNumberSchema, end: SessionEndSchema }),
  v.object({ type: v.literal('handedOver'), request: RequestNumberSchema, payload: HandoverPayloadSchema }),
  /** A request that failed; without a number: the connection as a whole is refused. */
  v.object({ type: v.literal('refused'), request: v.nullable(RequestNumberSchema), failure: FailureSchema }),
  /** The host lets go: no more requests. Open sessions of a host that handed over go on. */
  v.object({
    type: v.literal('stopping'),
    reason: v.picklist(['quit', 'signal', 'idle', 'handed-over', 'failed'] satisfies HostStopReason[]),
  }),
]);

/** As sent; `HostMessage` is the same, as parsed. */
export type HostMessage =
  | ({ readonly type: 'hello' } & Hello)
  | { readonly type: 'answer'; readonly request: number; readonly answer: CommandAnswer }
  | { readonly type: 'subscribed'; readonly request: number; readonly snapshot: Snapshot }
  | { readonly type: 'change'; readonly change: SnapshotChange }
  | { readonly type: 'sessionOpened'; readonly request: number }
  | { readonly type: 'taken'; readonly session: number; readonly bytes: number }
  | { readonly type: 'sessionEnded'; readonly session: number; readonly end: SessionEnd }
  | { readonly type: 'handedOver'; readonly request: number; readonly payload: HandoverPayload }
  | { readonly type: 'refused'; readonly request: number | null; readonly failure: Failure }
  | { readonly type: 'stopping'; readonly reason: HostStopReason };

/** What is wrong with a message, in one line. */
export interface MessageFault {
  readonly fault: string;
}

/** Checks what a client sent; `execute` still holds an unchecked command. */
export function parseClientMessage(input: unknown): ClientMessage | MessageFault {
  const result = v.safeParse(ClientMessageSchema, input);
  return result.success ? result.output : { fault: formatIssues(result.issues) };
}

/** Checks what a host sent: the envelope and everything but the inside of snapshots. */
export function parseHostMessage(input: unknown): HostMessage | MessageFault {
  const result = v.safeParse(HostMessageSchema, input);
  return result.success ? result.output : { fault: formatIssues(result.issues) };
}
