import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import type {
  SyncHistory,
  SyncQuestion,
  SyncState,
  SyncVersion,
  VersionPreview,
} from '../../../preload/contract/sync.ts';
import { renderFailure } from '../failure.ts';
import { escapeText } from '../text/escape.ts';
import type { Style } from '../text/style.ts';
import { toTable } from '../text/table.ts';
import { countOf, formatAge, formatBytes, formatDuration } from '../text/units.ts';

function ago(atMs: number, nowMs: number): string {
  const age = formatAge(nowMs - atMs);
  return age === 'just now' ? age : `${age} ago`;
}

/** `2026-01-02 03:04:05Z`: the same on every machine that syncs. */
export const moment = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;

/** What waits for a person, in few words; null where nothing does. */
export function syncNeed({ failure, question }: SyncState): string | null {
  const words: { readonly [Kind in SyncQuestion['kind']]: string } = {
    conflict: 'vault conflict',
    'offer-pull': 'newer vault at the remote',
    'ask-adopt': 'remote not adopted',
    'other-vault': 'another vault at the remote',
  };
  if (question !== null) return words[question.kind];
  if (failure === null) return null;
  return failure.code === 'sync-login-needed' ? 'login needed' : 'push failed';
}

/** The line of sync in a project's status; null where there is no remote. */
export function syncRow(sync: SyncState, nowMs: number): string | null {
  if (sync.remote === null) return null;
  const need = syncNeed(sync);
  if (need !== null) return `${need}; "tazpod sync" says more`;
  const pushed = sync.lastPushedAtMs === null ? 'nothing pushed yet' : `pushed ${ago(sync.lastPushedAtMs, nowMs)}`;
  return `${sync.unpushed ? 'not pushed yet' : pushed}, ${sync.remote.shown}`;
}

function versionLine(label: string, version: SyncVersion | null): string {
  if (version === null) return `  ${label}  none`;
  const { timeMs, machine, sizeBytes, members } = version;
  const facts = [
    timeMs === null ? 'time unknown' : moment(timeMs),
    machine === null ? 'machine unknown' : escapeText(machine),
    formatBytes(sizeBytes),
    ...(members === null ? [] : [members.map(({ path }) => escapeText(path)).join(' ') || 'empty']),
  ];
  return `  ${label}  ${facts.join(', ')}`;
}

const choices: { readonly [Kind in SyncQuestion['kind']]: readonly string[] } = {
  conflict: [
    'The vault changed here and at the remote. Both are kept whatever you choose:',
    '"tazpod push --mine" keeps this one, "tazpod pull --theirs" takes the other.',
  ],
  'offer-pull': ['The remote has a newer vault: "tazpod pull" takes it.'],
  'ask-adopt': ['The vault there does not say whose it is. If it is this one: "tazpod sync adopt".'],
  'other-vault': ['The remote holds another vault. Give this project a place of its own with "sync: prefix:".'],
};

/** How sync stands, on one screen. */
export function renderSync({ name, sync, vault }: ProjectState, nowMs: number, style: Style, verbose: boolean): string {
  const { remote, question, failure } = sync;
  const title = style.bold(escapeText(name));
  if (remote === null) {
    return `${title}  no remote\n  The vault is saved on this machine only. docs/sync.md shows how to name a remote.\n`;
  }
  const rows: (readonly [string, string])[] = [
    ['Remote', remote.shown],
    ['Interval', formatDuration(remote.intervalMs)],
    ['Saved', vault.lastSavedAtMs === null ? 'no vault here' : ago(vault.lastSavedAtMs, nowMs)],
    ['Pushed', sync.lastPushedAtMs === null ? 'nothing yet' : ago(sync.lastPushedAtMs, nowMs)],
    ['Last run', sync.lastRunAtMs === null ? 'none yet' : ago(sync.lastRunAtMs, nowMs)],
    ['Next run', nextWords(sync, vault.status === 'locked', nowMs)],
    ...(sync.byHandReason === null ? [] : [['By hand', `pushed by "tazpod push" only: ${sync.byHandReason}`] as const]),
  ];
  const need = syncNeed(sync);
  return [
    `${title}  ${need === null ? (sync.unpushed ? 'not pushed yet' : 'in sync') : style.amber(`! ${need}`)}`,
    ...rows.map(([label, value]) => `  ${style.dim(label.padEnd(10))} ${escapeText(value)}`),
    ...(question === null
      ? []
      : ['', ...choices[question.kind], versionLine('Here  ', question.mine), versionLine('Remote', question.theirs)]),
    ...(failure === null ? [] : ['', renderFailure(failure, style, verbose).trimEnd()]),
    '',
  ].join('\n');
}

function nextWords({ running, nextRunAtMs, failure }: SyncState, isLocked: boolean, nowMs: number): string {
  if (running) return 'under way';
  if (nextRunAtMs !== null) return `in ${formatDuration(Math.max(0, nextRunAtMs - nowMs))}`;
  if (isLocked) return 'while the vault is unlocked';
  return failure === null ? 'while the container is up' : 'after "tazpod push"';
}

/** Versions as a table, the newest first. */
export function renderHistory(history: SyncHistory | null, nowMs: number, maxColumns: number): string {
  if (history === null || history.count === 0) return 'The remote has no versions yet.\n';
  const rows = history.versions.map(({ name, timeMs, sizeBytes }) => [
    name,
    `${moment(timeMs)} (${ago(timeMs, nowMs)})`,
    formatBytes(sizeBytes),
  ]);
  const lines = toTable([{ title: 'VERSION' }, { title: 'TIME', minColumns: 12 }, { title: 'SIZE' }], rows, maxColumns);
  const rest = history.count - history.versions.length;
  return `${[...lines, ...(rest > 0 ? [`${countOf(rest, 'older version')} not shown`] : [])].join('\n')}\n`;
}

/** What a version holds: names and sizes, never contents. */
export function renderPreview(preview: VersionPreview, maxColumns: number): string {
  const { name, machine, memberCount, usedBytes, members } = preview;
  const from = machine === null ? '' : ` from ${escapeText(machine)}`;
  const rows = members.map(({ path, kind, sizeBytes }) => [
    kind === 'directory' ? `${path}/` : path,
    kind === 'file' ? formatBytes(sizeBytes) : kind,
  ]);
  const rest = memberCount - members.length;
  return `${[
    `${escapeText(name)}${from}: ${countOf(memberCount, 'member')}, ${formatBytes(usedBytes)}`,
    ...toTable([{ title: 'NAME', minColumns: 12 }, { title: 'SIZE' }], rows, maxColumns),
    ...(rest > 0 ? [`${rest} more`] : []),
  ].join('\n')}\n`;
}
