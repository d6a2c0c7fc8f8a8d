import { expect, it } from 'vitest';
import { appLabelValue, isOurs, labels, projectOf } from './labels.ts';

const own = { [labels.app]: appLabelValue, [labels.install]: 'me', [labels.project]: 'p' };

it('takes for ours what this very installation made, and nothing else', () => {
  expect(isOurs(own, 'me')).toBe(true);
  expect(projectOf(own, 'me')).toBe('p');
  for (const strange of [
    null,
    undefined,
    {},
    { ...own, [labels.app]: 'other' },
    { ...own, [labels.install]: 'them' },
    { [labels.install]: 'me', [labels.project]: 'p' },
    { [labels.app]: appLabelValue, [labels.project]: 'p' },
  ]) {
    expect(isOurs(strange, 'me')).toBe(false);
    expect(projectOf(strange, 'me')).toBeNull();
  }
});

it('knows no project of a thing of ours without that label', () => {
  expect(projectOf({ [labels.app]: appLabelValue, [labels.install]: 'me' }, 'me')).toBeNull();
});
