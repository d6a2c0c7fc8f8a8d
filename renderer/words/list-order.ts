import type { ProjectState } from '../../preload/contract/snapshot.ts';
import { urgencyOf, type Urgency } from './project-words.ts';

// What is busy is on its way up or down: it stays among the running ones instead of jumping.
const rank: { readonly [Kind in Urgency]: number } = { 'needs-me': 0, busy: 1, running: 1, rest: 2 };
const collator = new Intl.Collator(undefined, { numeric: true });

/** Ids in the list's order: needs me, running, rest; by name within each. */
export function toListOrder(projects: readonly ProjectState[]): readonly string[] {
  return projects
    .map((project) => ({ project, rank: rank[urgencyOf(project)] }))
    .toSorted((a, b) => a.rank - b.rank || byName(a.project, b.project))
    .map(({ project }) => project.id);
}

const byName = (a: ProjectState, b: ProjectState): number =>
  collator.compare(a.name, b.name) || (a.folder < b.folder ? -1 : Number(a.folder > b.folder));

/** The order while someone points at the list: what is there stays where it is, what is new comes last. */
export function holdOrder(shown: readonly string[], wanted: readonly string[]): readonly string[] {
  const known = new Set(wanted);
  const kept = shown.filter((id) => known.has(id));
  const held = new Set(kept);
  return [...kept, ...wanted.filter((id) => !held.has(id))];
}

/** Whether every word of the search is found in the name or the path. */
export function matchesSearch({ name, folder }: Pick<ProjectState, 'name' | 'folder'>, search: string): boolean {
  const text = `${name}\n${folder}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => text.includes(word));
}
