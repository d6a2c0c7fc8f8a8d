import type { ContainerState, Operation, ProjectState } from '../../../preload/contract/snapshot.ts';
import { assertNever } from '../../engine/assert-never.ts';
import { fractionOf, kindWords } from '../progress/render.ts';
import { syncNeed } from './sync.ts';
import { countOf, formatAge } from '../text/units.ts';

/** Where a project belongs in a list: what needs a person first, then what is up, then the rest. */
export type Urgency = 'needs-me' | 'busy' | 'running' | 'rest';

/** Marks by shape, so that colour is never needed. */
export const urgencyMarks: { readonly [Kind in Urgency]: string } = {
  'needs-me': '!',
  busy: '◐',
  running: '●',
  rest: '○',
};

/** A running container as one says it: `running 2 h`. */
export function containerWords(container: ContainerState, nowMs: number): string {
  switch (container.status) {
    case 'missing':
      return 'no container';
    case 'stopped':
      return container.exitCode === null ? 'stopped' : `stopped, exit code ${container.exitCode}`;
    case 'running':
    case 'paused': {
      const since = container.startedAtMs === null ? '' : ` ${formatAge(nowMs - container.startedAtMs)}`;
      return `${container.status}${since === ' just now' ? ', just started' : since}`;
    }
    default:
      return assertNever(container);
  }
}

function operationWords(operation: Operation): string {
  if (operation.step === 'cancelling') return 'cancelling';
  const fraction = fractionOf(operation);
  const what = operation.step === 'pulling-image' ? 'pulling' : kindWords[operation.kind];
  return fraction === null ? what : `${what} ${Math.floor(fraction * 100)}%`;
}

/** The state in a word or two, for lists and the first line of the status. */
export function stateWords(project: ProjectState, nowMs: number): string {
  const [operation] = project.operations;
  if (operation !== undefined) return operationWords(operation);
  if (project.folderStatus !== 'present') return `folder ${project.folderStatus}`;
  return containerWords(project.container, nowMs);
}

/** What needs a person, most urgent first; empty when nothing does. */
export function needsOf(project: ProjectState): string[] {
  const needs: string[] = [];
  if (project.folderStatus !== 'present') needs.push(`folder ${project.folderStatus}`);
  if (project.failure !== null) needs.push('last operation failed');
  if (project.config.status === 'invalid') {
    const [first] = project.config.problems;
    needs.push(first === undefined || first.line === 0 ? 'config not valid' : `config line ${first.line}`);
  }
  if (project.trust.status === 'untrusted') needs.push('needs your trust');
  if (project.container.status === 'paused') needs.push('paused');
  if (project.network.tooLarge) needs.push('MTU too large');
  const syncs = syncNeed(project.sync);
  if (syncs !== null) needs.push(syncs);
  return needs;
}

/** What is worth knowing, but needs nobody. */
export function notesOf(project: ProjectState): string[] {
  const notes: string[] = [];
  if (project.config.status === 'absent') notes.push('no config');
  if (project.drift.length > 0) notes.push('config changed since the container was made');
  if (project.adoptable !== null) notes.push('a container of another tool is there');
  if (project.sessions.length > 0) notes.push(countOf(project.sessions.length, 'session'));
  return notes;
}

/** Which part of the list a project belongs to. */
export function urgencyOf(project: ProjectState): Urgency {
  if (project.operations.length > 0) return 'busy';
  if (needsOf(project).length > 0) return 'needs-me';
  return project.container.status === 'running' ? 'running' : 'rest';
}
