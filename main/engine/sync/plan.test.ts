import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planPush } from './plan.ts';
import { noBase, type BaseVersion, type LocalVersion, type RemoteVersion } from './version.ts';

const hash = fc.constantFrom('a', 'b', 'c');
const orNull = <Value>(one: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(one, { nil: null });
const id = fc.constantFrom('id-1', 'id-2');
const bases: fc.Arbitrary<BaseVersion> = fc.record({
  etag: orNull(fc.constantFrom('e1', 'e2')),
  contentHash: orNull(hash),
  pushing: orNull(hash),
  isAdopted: fc.boolean(),
});
const locals: fc.Arbitrary<LocalVersion> = fc.record({
  contentHash: hash,
  vaultId: orNull(id),
  sizeBytes: fc.constant(1),
});
const remotes: fc.Arbitrary<RemoteVersion> = fc.record({
  etag: fc.constantFrom('e1', 'e2', 'e3'),
  contentHash: orNull(hash),
  vaultId: orNull(id),
  sizeBytes: fc.constant(1),
  machine: fc.constant(null),
  timeMs: fc.constant(0),
  parents: fc.constant([]),
  isForked: fc.boolean(),
});
const runs = { numRuns: 5_000 };

describe('planPush', () => {
  it('replaces only a version that it names and knows', () => {
    fc.assert(
      fc.property(bases, locals, remotes, (base, local, remote) => {
        const action = planPush(base, local, remote);
        if (action.type !== 'push') return;
        expect(action.condition).toEqual({ kind: 'match', etag: remote.etag });
        const isKnown =
          remote.etag === base.etag ||
          (remote.contentHash !== null && [base.contentHash, base.pushing].includes(remote.contentHash));
        expect(isKnown && !remote.isForked).toBe(true);
      }),
      runs,
    );
  });

  it('never pushes to another vault, nor to a place without a name that nobody adopted', () => {
    fc.assert(
      fc.property(bases, locals, remotes, (base, local, remote) => {
        const { type } = planPush(base, local, remote);
        const isOther = remote.vaultId !== null && local.vaultId !== null && remote.vaultId !== local.vaultId;
        expect(type === 'refuse-other-vault').toBe(isOther);
        const isUnnamed = !isOther && (remote.vaultId === null || local.vaultId === null);
        expect(type === 'ask-adopt').toBe(isUnnamed && !base.isAdopted);
      }),
      runs,
    );
  });

  it('pulls over the local vault only where that is unchanged', () => {
    fc.assert(
      fc.property(bases, locals, remotes, (base, local, remote) => {
        if (planPush(base, local, remote).type === 'offer-pull') expect(local.contentHash).toBe(base.contentHash);
      }),
      runs,
    );
  });

  it('does nothing once both agree', () => {
    fc.assert(
      fc.property(bases, locals, remotes, (base, local, remote) => {
        const action = planPush(base, local, remote);
        if (action.type !== 'agree') return;
        const after = { ...base, etag: action.etag, contentHash: local.contentHash, pushing: null };
        expect(planPush(after, local, remote)).toEqual(action);
      }),
      runs,
    );
  });

  it('asks for the first push into an empty place, and offers the remote where there is no vault here', () => {
    fc.assert(
      fc.property(bases, locals, remotes, (base, local, remote) => {
        expect(planPush(base, local, null)).toEqual({ type: 'push', condition: { kind: 'absent' } });
        expect(planPush(base, null, remote)).toEqual({ type: 'offer-pull' });
      }),
      runs,
    );
    expect(planPush(noBase, null, null)).toEqual({ type: 'nothing' });
  });

  it('two machines without a base that hold different vaults of one id are a conflict', () => {
    const local = { contentHash: 'a', vaultId: 'id-1', sizeBytes: 1 };
    const remote = { ...local, contentHash: 'b', etag: 'e', machine: null, timeMs: 0, parents: [], isForked: false };
    expect(planPush(noBase, local, remote)).toEqual({ type: 'conflict' });
  });
});
