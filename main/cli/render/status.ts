import { formatConfigProblem } from '../../../preload/contract/errors.ts';
import type { ActivityEntry, Difference, ProjectState } from '../../../preload/contract/snapshot.ts';
import { assertNever } from '../../engine/assert-never.ts';
import { renderFailure } from '../failure.ts';
import { stepWords } from '../progress/render.ts';
import { escapeText } from '../text/escape.ts';
import type { Style } from '../text/style.ts';
import { countOf, formatAge, formatDuration } from '../text/units.ts';
import { syncRow } from './sync.ts';
import { vaultWords } from './vault.ts';
import { containerWords, needsOf, stateWords, urgencyMarks, urgencyOf, type Urgency } from './project-words.ts';

type Row = readonly [label: string, value: string];

function paint(style: Style, urgency: Urgency): (text: string) => string {
  const paints = { 'needs-me': style.amber, busy: style.blue, running: style.green, rest: style.dim };
  return paints[urgency];
}

function containerRows({ container, config, operations }: ProjectState, nowMs: number): Row[] {
  const asked = config.status === 'valid' ? config : null;
  if (container.status === 'missing') {
    return asked === null
      ? [['Container', 'none']]
      : [
          ['Container', `none yet; it will be ${asked.containerName}`],
          ['Image', asked.image],
          ['User', asked.user],
        ];
  }
  const adopted = container.adopted ? ', adopted' : '';
  // The first line says it already, unless an operation stands there.
  const state = operations.length > 0 ? `, ${containerWords(container, nowMs)}` : '';
  const name = `${container.name} (${container.id.slice(0, 12)})${state}${adopted}`;
  return [['Container', name], ['Image', container.image], ...(asked === null ? [] : [['User', asked.user] as const])];
}

function configRow({ config }: ProjectState): Row {
  if (config.status === 'absent') return ['Config', 'none; "tazpod init" writes one'];
  if (config.status === 'invalid') return ['Config', countOf(Math.max(1, config.problems.length), 'problem')];
  const warnings = config.warnings.length === 0 ? '' : `, ${countOf(config.warnings.length, 'warning')}`;
  return ['Config', `valid${warnings}`];
}

function trustRow({ trust }: ProjectState): Row {
  switch (trust.status) {
    case 'unknown':
      return ['Trust', 'nothing to ask yet'];
    case 'trusted':
      return ['Trust', `allowed on ${new Date(trust.atMs).toISOString().slice(0, 10)}`];
    case 'untrusted':
      return [
        'Trust',
        `${trust.trustedBefore ? 'changed since you allowed it' : 'not allowed yet'}; "tazpod trust" shows it`,
      ];
    default:
      return assertNever(trust);
  }
}

function vaultRows({ vault }: ProjectState, nowMs: number): Row[] {
  return vault.status === 'absent' ? [] : [['Vault', vaultWords(vault, nowMs)]];
}

function portRows({ ports }: ProjectState): Row[] {
  if (ports.length === 0) return [];
  const shown = ports.map(({ hostPort, containerPort }) => `http://localhost:${hostPort} -> ${containerPort}`);
  return [['Ports', shown.join(', ')]];
}

/** What outlives the container; of what the config no longer names, that too. */
function volumeRows({ volumes }: ProjectState): Row[] {
  if (volumes.length === 0) return [];
  const shown = volumes.map(({ kind, path, name, inConfig }) => {
    const what = kind === 'history' ? 'shell history' : (path ?? name);
    return inConfig ? what : `${what} (no longer in the config)`;
  });
  return [['Kept', shown.join(', ')]];
}

function networkRows({ network }: ProjectState): Row[] {
  return network.mtu === null ? [] : [['MTU', String(network.mtu)]];
}

function syncRows({ sync }: ProjectState, nowMs: number): Row[] {
  const row = syncRow(sync, nowMs);
  return row === null ? [] : [['Sync', row]];
}

function sessionRows({ sessions, operations }: ProjectState): Row[] {
  const rows: Row[] = [];
  if (sessions.length > 0) {
    const shells = sessions.filter((session) => session.kind === 'shell').length;
    const logs = sessions.length - shells;
    const parts = [shells > 0 ? countOf(shells, 'shell') : '', logs > 0 ? `${logs} following logs` : ''];
    rows.push(['Sessions', parts.filter((part) => part !== '').join(', ')]);
  }
  const waiting = operations.slice(1).length;
  const [current] = operations;
  if (current !== undefined) {
    rows.push(['Now', `${stepWords[current.step]}${waiting > 0 ? `, ${waiting} more waiting` : ''}`]);
  }
  return rows;
}

function lastRow(entry: ActivityEntry | undefined, nowMs: number): Row[] {
  if (entry === undefined) return [];
  const took = entry.durationMs === undefined ? '' : `${formatDuration(entry.durationMs)}, `;
  const age = formatAge(nowMs - entry.atMs);
  return [['Last', `${entry.text} (${took}${age}${age === 'just now' ? '' : ' ago'})`]];
}

const differenceLine = ({ key, before, after }: Difference): string =>
  `  ${escapeText(key)}: ${escapeText(before ?? 'nothing')} -> ${escapeText(after ?? 'nothing')}`;

function noticesOf(project: ProjectState, style: Style): string[] {
  const { config, drift, imageChange, network, adoptable, container } = project;
  const lines: string[] = [];
  if (config.status === 'invalid') {
    const problems = config.problems.map((problem) => formatConfigProblem(config.file, problem));
    lines.push(style.red('Config:'), ...(problems.length > 0 ? problems : [config.failure.message]).map(indented));
  }
  if (config.status === 'valid' && config.warnings.length > 0) {
    lines.push(style.amber('Warnings:'), ...config.warnings.map(indented));
  }
  if (drift.length > 0) {
    lines.push(style.amber('The container differs from the config; "tazpod rebuild" applies it:'));
    lines.push(...drift.map(differenceLine));
  }
  if (imageChange !== null) {
    const { image, before, after } = imageChange;
    lines.push(
      `${style.amber('Image:')} ${escapeText(image)} names another image (${shortId(after)}) than the container was made from ` +
        `(${shortId(before)}); "tazpod rebuild" uses it.`,
    );
  }
  if (network.tooLarge) {
    lines.push(
      `${style.amber('MTU:')} the container sends packets of ${network.mtu ?? 'unknown'} bytes, the way out takes ` +
        `${network.wantedMtu ?? 'fewer'}. Large transfers may hang; "tazpod restart" joins a network that fits.`,
    );
  }
  if (adoptable !== null && container.status === 'missing') {
    const name = `${escapeText(adoptable.name)} (${escapeText(adoptable.image)}, ${escapeText(adoptable.status)})`;
    lines.push(`${style.amber('Another tool')} made ${name} for this folder; "tazpod adopt" takes it over.`);
  }
  return lines;
}

const shortId = (id: string): string => id.replace(/^sha256:/u, '').slice(0, 12);

const indented = (text: string): string => `  ${escapeText(text)}`;

/** One project on one screen. */
export function renderStatus(project: ProjectState, nowMs: number, style: Style, verbose: boolean): string {
  const urgency = urgencyOf(project);
  const rows: Row[] = [
    ['Folder', project.folder],
    ...containerRows(project, nowMs),
    configRow(project),
    trustRow(project),
    ...vaultRows(project, nowMs),
    ...portRows(project),
    ...volumeRows(project),
    ...networkRows(project),
    ...syncRows(project, nowMs),
    ...sessionRows(project),
    ...lastRow(project.activity.at(-1), nowMs),
  ];
  const words = [...new Set([stateWords(project, nowMs), ...needsOf(project)])].join(', ');
  const state = paint(style, urgency)(`${urgencyMarks[urgency]} ${escapeText(words)}`);
  const notices = noticesOf(project, style);
  return [
    `${style.bold(escapeText(project.name))}  ${state}`,
    ...rows.map(([label, value]) => `  ${style.dim(label.padEnd(10))} ${escapeText(value)}`),
    ...(notices.length > 0 ? ['', ...notices] : []),
    ...(project.failure === null ? [] : ['', renderFailure(project.failure, style, verbose).trimEnd()]),
    '',
  ].join('\n');
}
