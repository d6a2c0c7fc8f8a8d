import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { shortPath } from '../project-folder.ts';
import { toTable } from '../text/table.ts';
import { needsOf, notesOf, stateWords, urgencyMarks, urgencyOf, type Urgency } from './project-words.ts';

// What is busy is on its way up or down: it stays among the running ones instead of jumping.
const order: { readonly [Kind in Urgency]: number } = { 'needs-me': 0, busy: 1, running: 1, rest: 2 };

export const emptyListText =
  'No projects yet. Run "tazpod init" in a project folder to add it; nothing runs before you say so.\n';

/** Needs me, running, rest; by name within each. */
export function sortProjects(projects: readonly ProjectState[]): ProjectState[] {
  return projects.toSorted(
    (a, b) =>
      order[urgencyOf(a)] - order[urgencyOf(b)] ||
      a.name.localeCompare(b.name) ||
      (a.folder < b.folder ? -1 : Number(a.folder > b.folder)),
  );
}

/** All projects as a table that fits the terminal. */
export function renderList(
  projects: readonly ProjectState[],
  place: { readonly nowMs: number; readonly maxColumns: number; readonly homeFolder: string },
): string {
  if (projects.length === 0) return emptyListText;
  const rows = sortProjects(projects).map((project) => [
    urgencyMarks[urgencyOf(project)],
    project.name,
    stateWords(project, place.nowMs),
    [...needsOf(project), ...notesOf(project)].join(', '),
    shortPath(project.folder, place.homeFolder),
  ]);
  const columns = [
    { title: '' },
    { title: 'PROJECT', minColumns: 10 },
    { title: 'STATE', minColumns: 8 },
    { title: 'NOTES', minColumns: 8 },
    { title: 'FOLDER', minColumns: 12 },
  ];
  return `${toTable(columns, rows, place.maxColumns).join('\n')}\n`;
}
