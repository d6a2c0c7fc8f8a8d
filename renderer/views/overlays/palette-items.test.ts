import { expect, it } from 'vitest';
import { project, running, snapshotOf } from '../../testing/scenarios/parts.ts';
import { findInPalette, toPaletteItems } from './palette-items.ts';

it('holds what can be done with the project, the window, and every project to go to', () => {
  const one = project('acme', { container: running('acme-lab') });
  const items = toPaletteItems(snapshotOf([one, project('docs')]), one);
  const labels = items.map(({ label }) => label);
  expect(labels.slice(0, 3)).toEqual(['Stop and remove container', 'Restart', 'Open terminal']);
  for (const label of ['Add folder…', 'New terminal tab', 'Clear the terminal', 'Rename tab…', 'Close tab or pane']) {
    expect(labels).toContain(label);
  }
  expect(labels.slice(-2)).toEqual(['Go to acme', 'Go to docs']);
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
});

it('holds what can be done with every other project too', () => {
  const one = project('acme');
  const items = toPaletteItems(snapshotOf([one, project('docs', { container: running('docs-lab') })]), one);
  expect(items.filter(({ note }) => note === 'docs').map(({ label }) => label)).toContain('Stop and remove container');
});

it('finds letters in order, over label and note, the best first', () => {
  const one = project('acme', { container: running('acme-lab') });
  const items = toPaletteItems(snapshotOf([one]), one);
  const first = (typed: string) => findInPalette(items, typed)[0]?.label;
  expect([first('sett'), first('stp'), first('go acme')]).toEqual([
    'Settings',
    'Stop and remove container',
    'Go to acme',
  ]);
  expect(findInPalette(items, 'qqqq')).toEqual([]);
  expect(findInPalette(items, ' ')).toBe(items);
});
