import { toFailure } from '../../preload/contract/errors.ts';
import type { Result } from '../../preload/contract/parse.ts';
import { failureOf } from '../engine/failure.ts';
import { connectHost, type HostClient } from './client.ts';
import { readHostRecord } from './host-record.ts';
import { acquireOwnership, type Ownership, type OwnershipPlace, type Taken } from './ownership.ts';
import type { HandoverPayload, Hello } from './protocol.ts';
import { chooseSocketPath, findSocketPaths } from './runtime-folder.ts';
import type { HostSurroundings } from './surroundings.ts';

/** An owner that ends lets its operations and sessions end first; longer than that it is stuck. */
const waitForOwnerMs = 30_000;

interface BecomeOwnerOptions {
  readonly surroundings: HostSurroundings;
  /** Canonical. */
  readonly stateFolder: string;
  /** Ask a running agent for its turn; a running app is left alone. */
  readonly takeOver: boolean;
  readonly log: (line: string) => void;
  /** How long to wait for an owner that does not answer. */
  readonly waitMs?: number;
}

export type OwnerOutcome =
  | { readonly taken: true; readonly by: Hello }
  | { readonly taken: false; readonly ownership: Ownership; readonly handover: HandoverPayload | null };

/**
 * Becomes the owner, now or after the present one: an agent is asked to hand over (with `takeOver`), one that is just
 * ending is waited for, one that serves is named in the result.
 */
export async function becomeOwner(options: BecomeOwnerOptions): Promise<Result<OwnerOutcome>> {
  const { surroundings, stateFolder, waitMs = waitForOwnerMs } = options;
  const socketPath = await chooseSocketPath(surroundings, stateFolder);
  if (!socketPath.ok) return socketPath;
  const place = {
    platform: surroundings.platform,
    userId: surroundings.userId,
    stateFolder,
    socketPath: socketPath.value,
  };
  const deadline = AbortSignal.timeout(waitMs);
  let handover: HandoverPayload | null = null;
  for (;;) {
    const attempt = await tryToOwn(place);
    if (!attempt.ok) return attempt;
    if (!attempt.value.taken) return { ok: true, value: { taken: false, ownership: attempt.value, handover } };
    const owner = await connectToOwner(options);
    if (owner === null) {
      if (deadline.aborted) return { ok: false, failure: await stuckOwner(stateFolder) };
      await waitABit(attempt.value, deadline);
      continue;
    }
    if (!options.takeOver || owner.hello.kind === 'app') {
      owner.close();
      return { ok: true, value: { taken: true, by: owner.hello } };
    }
    const answer = await owner.requestHandover();
    owner.close();
    if (answer.ok) {
      handover = answer.value;
      continue;
    }
    options.log(`the agent did not hand over: ${answer.failure.message}`);
    if (deadline.aborted) return answer;
    await waitABit(attempt.value, deadline);
  }
}

async function tryToOwn(place: OwnershipPlace): Promise<Result<Ownership | Taken>> {
  try {
    return { ok: true, value: await acquireOwnership(place) };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

/** The owner, if it answers. One of another version answers too: what is asked of it here keeps its shape. */
async function connectToOwner({ surroundings, stateFolder }: BecomeOwnerOptions): Promise<HostClient | null> {
  const record = await readHostRecord(stateFolder);
  for (const path of await findSocketPaths(surroundings, stateFolder, record?.socketPath ?? null)) {
    const client = await connectHost(path, { anyProtocol: true });
    if (client.ok) return client.value;
  }
  return null;
}

/** Until the owner lets go; but one that has just begun will answer soon, so the socket is tried again as well. */
async function waitABit(taken: Taken, deadline: AbortSignal): Promise<void> {
  const retryMs = 250;
  const began = performance.now();
  await taken.free(AbortSignal.any([deadline, AbortSignal.timeout(retryMs)]));
  // A lock that is free yet can't be had (held by a host elsewhere): no busy loop.
  const minimumMs = 20;
  if (performance.now() - began < minimumMs) await new Promise((resolve) => void setTimeout(resolve, minimumMs));
}

async function stuckOwner(stateFolder: string) {
  const record = await readHostRecord(stateFolder);
  const who = record === null ? 'another host process' : `the host process ${record.processId}`;
  return toFailure('host-lost', { reason: `${who} holds the lock of ${stateFolder} but does not answer` });
}
