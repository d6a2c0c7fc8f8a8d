import { expect, it } from 'vitest';
import { project, running, snapshotOf } from '../../testing/scenarios/parts.ts';
import { matchesPalette, toPaletteItems } from './palette-items.ts';

it('holds what can be done with the project, the window, and every project to go to', () => {
  const one = project('acme', { container: running('acme-lab') });
  const items = toPaletteItems(snapshotOf([one, project('docs')]), one);
  const labels = items.map(({ label }) => label);
  expect(labels.slice(0, 3)).toEqual(['Stop and remove container', 'Restart', 'Open terminal']);
  expect(labels).toContain('Add folder…');
  expect(labels.slice(-2)).toEqual(['Go to acme', 'Go to docs']);
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
});

it('matches every word', () => {
  expect(matchesPalette('Go to acme-api ~/code', 'acme go')).toBe(true);
  expect(matchesPalette('Go to acme-api', 'stop')).toBe(false);
});
