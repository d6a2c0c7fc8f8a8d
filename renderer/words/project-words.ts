import type { ProjectState } from '../../preload/contract/snapshot.ts';
import { shortOperationWords, kindWords } from './progress-words.ts';
import { syncNeed } from './sync-words.ts';
import { countOf, formatAge } from './units.ts';
import { toVisibleName, toVisibleText } from './visible-text.ts';

/** Where a project belongs in the list: what needs a person first, then what is up, then the rest. */
export type Urgency = 'needs-me' | 'busy' | 'running' | 'rest';

/** The shape that stands for a state; colour only repeats it. */
export type StateShape = 'running' | 'busy' | 'stopped' | 'attention' | 'error' | 'paused';

/** What needs a person, most urgent first, in a row's few words; empty when nothing does. */
export function needsOf(project: ProjectState): readonly string[] {
  const needs: string[] = [];
  if (project.folderStatus !== 'present') needs.push(`folder ${project.folderStatus}`);
  if (project.failure !== null) needs.push('failed');
  if (project.config.status === 'invalid') {
    const line = project.config.problems[0]?.line ?? 0;
    needs.push(line > 0 ? `config line ${line}` : 'config not valid');
  }
  if (project.container.status === 'paused') needs.push('paused');
  if (project.trust.status === 'untrusted') needs.push('to review');
  if (project.network.tooLarge) needs.push('MTU too large');
  const sync = syncNeed(project.sync);
  if (sync !== null) needs.push(sync);
  return needs;
}

export function urgencyOf(project: ProjectState): Urgency {
  if (project.operations.length > 0) return 'busy';
  if (needsOf(project).length > 0) return 'needs-me';
  return project.container.status === 'running' ? 'running' : 'rest';
}

export function shapeOf(project: ProjectState): StateShape {
  if (project.operations.length > 0) return 'busy';
  if (project.folderStatus !== 'present' || project.failure !== null || project.config.status === 'invalid') {
    return 'error';
  }
  if (project.container.status === 'paused') return 'paused';
  if (needsOf(project).length > 0) return 'attention';
  return project.container.status === 'running' ? 'running' : 'stopped';
}

/** Sessions of windows: terminals, be they tabs or panes of one. */
export const terminalCountOf = ({ sessions }: ProjectState): number =>
  sessions.filter(({ kind, kept }) => kind === 'shell' && kept).length;

/** The row's word at its right end. Empty for what merely rests: its shape says it. */
export function rowWord(project: ProjectState): string {
  const [operation] = project.operations;
  if (operation !== undefined) return shortOperationWords(operation);
  const [need] = needsOf(project);
  if (need !== undefined) return need;
  if (project.container.status === 'running') {
    const terminals = terminalCountOf(project);
    return terminals === 0 ? 'running' : countOf(terminals, 'terminal');
  }
  return project.config.status === 'absent' ? 'no config' : '';
}

/** The row's second line: only what is worth a line, else empty. */
export function rowNote(project: ProjectState): string {
  if (project.operations.length > 0) return '';
  if (project.folderStatus === 'present' && project.failure !== null) {
    return toVisibleText(project.failure.message.split('\n')[0] ?? '');
  }
  if (project.config.status === 'invalid') {
    const [first] = project.config.problems;
    if (first !== undefined)
      return toVisibleText(first.key === '' ? `found ${first.found}` : `${first.key}: found ${first.found}`);
  }
  if (project.trust.status === 'untrusted' && project.trust.trustedBefore) return 'asks for something new';
  if (project.drift.length > 0) return 'config changed since it was made';
  if (project.adoptable !== null) return 'another tool has a container here';
  return vaultNote(project);
}

function vaultNote({ container, vault }: ProjectState): string {
  if (container.status !== 'running') return '';
  if (vault.status === 'mounted') return 'vault open, its key is not here';
  if (vault.status !== 'unlocked') return '';
  return `vault unlocked · ${vault.dirtySinceMs === null ? 'saved' : 'unsaved changes'}`;
}

/** The state in full, for the header and for screen readers: `Running 2 h`. */
export function stateWords(project: ProjectState, nowMs: number): string {
  const [operation] = project.operations;
  if (operation !== undefined) return kindWords[operation.kind];
  if (project.folderStatus !== 'present') return `Folder ${project.folderStatus}`;
  const { container } = project;
  if (container.status === 'running' || container.status === 'paused') {
    const word = container.status === 'running' ? 'Running' : 'Paused';
    const age = container.startedAtMs === null ? '' : formatAge(nowMs - container.startedAtMs);
    return age === '' ? word : age === 'just now' ? `${word}, just started` : `${word} ${age}`;
  }
  if (project.config.status === 'absent') return 'No config yet';
  if (project.config.status === 'invalid') return 'Config has errors';
  if (project.trust.status === 'untrusted') return 'Waits for your trust';
  if (project.failure !== null) return 'Failed';
  if (container.status === 'missing') return 'Not running';
  return container.exitCode === null || container.exitCode === 0
    ? 'Stopped'
    : `Stopped, exit code ${container.exitCode}`;
}

/** One line for a screen reader: name, state, what needs a person. */
export function spokenRow(project: ProjectState, nowMs: number): string {
  const parts = [stateWords(project, nowMs), rowWord(project), rowNote(project)].filter((part) => part !== '');
  return `${toVisibleName(project.name)}: ${[...new Set(parts)].join(', ')}`;
}
