import type { Progress } from '../../../preload/contract/snapshot.ts';
import type { ProgressLine } from './json-lines.ts';

interface Layer {
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly complete: boolean;
}

/** Sums a pull's lines, which tell of one layer each, to one figure for the whole. */
export function createPullProgress(): (line: ProgressLine) => Progress | null {
  const layers = new Map<string, Layer>();
  return (line) => {
    // The engine waits before it asks a registry again that went away; its count comes once a second.
    const retry = /^Retrying in (?<seconds>\d+) second/u.exec(line.status ?? '')?.groups?.['seconds'];
    if (retry !== undefined) return { ...toTotal(layers), detail: `trying again in ${retry} s` };
    const layer = toLayer(line, line.id === undefined ? undefined : layers.get(line.id));
    if (line.id === undefined || layer === null) return null;
    layers.set(line.id, layer);
    return toTotal(layers);
  };
}

function toTotal(layers: ReadonlyMap<string, Layer>): Progress {
  const all = [...layers.values()];
  const totalBytes = all.reduce((sum, one) => sum + one.totalBytes, 0);
  return {
    doneBytes: all.reduce((sum, one) => sum + one.doneBytes, 0),
    // Layers that have not begun have no size yet: a total would jump.
    totalBytes: all.every((one) => one.totalBytes > 0 || one.complete) ? totalBytes : null,
    detail: `${all.filter((one) => one.complete).length} of ${all.length} layers`,
  };
}

function toLayer(line: ProgressLine, known: Layer | undefined): Layer | null {
  const before = known ?? { doneBytes: 0, totalBytes: 0, complete: false };
  const { current = 0, total = before.totalBytes } = line.progressDetail ?? {};
  switch (line.status) {
    case 'Pulling fs layer':
    case 'Waiting':
      return before;
    case 'Downloading':
      return { doneBytes: current, totalBytes: total, complete: false };
    case 'Download complete':
    case 'Extracting':
      return { ...before, doneBytes: before.totalBytes };
    case 'Pull complete':
    case 'Already exists':
      return { ...before, doneBytes: before.totalBytes, complete: true };
    default:
      return null;
  }
}
