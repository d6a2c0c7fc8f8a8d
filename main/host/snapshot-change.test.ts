import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProjectState, Snapshot } from '../../preload/contract/snapshot.ts';
import { FakeEngine, fakeProject } from './fake-engine.ts';
import { applySnapshotChange, diffSnapshot, type SnapshotChange } from '../../preload/contract/snapshot-change.ts';

const base = new FakeEngine({ kind: 'agent', version: '1', quit: () => undefined }).snapshot();
const overTheWire = (change: SnapshotChange): SnapshotChange => JSON.parse(JSON.stringify(change)) as SnapshotChange;

const pool = Array.from({ length: 12 }, (_, index) => fakeProject(`/p${index}`));
const projects = fc.uniqueArray(fc.nat(11), { maxLength: 12 });

/** Some of the projects, in any order; those named in `touched` as new objects. */
function pick(ids: readonly number[], touched: readonly number[]): readonly ProjectState[] {
  return ids.flatMap((id) => {
    const project = pool[id];
    if (project === undefined) return [];
    return [touched.includes(id) ? { ...project, name: `changed ${id}` } : project];
  });
}

describe('snapshot changes', () => {
  it('turn the one snapshot into the other', () => {
    fc.assert(
      fc.property(projects, projects, projects, fc.boolean(), (before, after, touched, busy) => {
        const previous: Snapshot = { ...base, projects: pick(before, []) };
        const next: Snapshot = {
          ...previous,
          revision: 9,
          projects: pick(after, touched),
          ...(busy ? { engine: { status: 'connecting', endpoint: 'elsewhere' } } : {}),
        };
        expect(applySnapshotChange(previous, overTheWire(diffSnapshot(previous, next)))).toEqual(next);
      }),
    );
  });

  it('send one busy project of 200 alone, and share the others', () => {
    const all = Array.from({ length: 200 }, (_, index) => fakeProject(`/project/${index}`));
    const previous: Snapshot = { ...base, projects: all };
    const busy = { ...fakeProject('/project/77'), name: 'busy' };
    const next: Snapshot = { ...previous, revision: 1, projects: all.with(77, busy) };
    const change = diffSnapshot(previous, next);
    expect(change).toEqual({ baseRevision: 0, revision: 1, fields: {}, projects: [busy] });
    const applied = applySnapshotChange(previous, change);
    expect(applied.projects[76]).toBe(all[76]);
    expect(applied.images).toBe(previous.images);
  });

  it('refuse to build on another snapshot', () => {
    const change = diffSnapshot(base, { ...base, revision: 1 });
    expect(() => applySnapshotChange({ ...base, revision: 5 }, change)).toThrow('does not fit revision 5');
    expect(() => applySnapshotChange(base, { ...change, projectIds: ['nobody'] })).toThrow('never sent');
  });
});
