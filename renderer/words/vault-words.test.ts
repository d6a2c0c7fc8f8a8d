import { describe, expect, test } from 'vitest';
import { absentVault } from '../../preload/contract/vault.ts';
import { newPassphraseProblem, savedWords, strengthHint, unsavedWords, usedWords } from './vault-words.ts';
import { formatMoment } from './units.ts';

const now = 1_700_000_000_000;

describe('what is said of a vault', () => {
  test.each([
    [{ ...absentVault }, 'Never saved'],
    [{ ...absentVault, lastSavedAtMs: now - 120_000 }, 'Saved 2 min ago'],
    [
      { ...absentVault, lastSavedAtMs: now - 120_000, dirtySinceMs: now - 60_000 },
      'Unsaved changes, first seen 1 min ago',
    ],
    [{ ...absentVault, dirtySinceMs: now, saving: true }, 'Saving…'],
  ])('%#: %s', (vault, words) => expect(savedWords(vault, now)).toBe(words));

  test('what is lost without a save, and since when', () => {
    const saved = { ...absentVault, lastSavedAtMs: now - 120_000 };
    expect(unsavedWords(saved)).toContain(formatMoment(now - 120_000));
    expect(unsavedWords({ ...saved, lastCheckedAtMs: now - 60_000 })).toContain(formatMoment(now - 60_000));
    expect(unsavedWords(absentVault)).toContain('never saved');
  });

  test('how full it is', () => {
    expect(usedWords({ ...absentVault, content: { usedBytes: 1200, memberCount: 1, members: [] } })).toBe(
      '1.2 kB of 67.1 MB',
    );
  });
});

describe('a new passphrase', () => {
  test('is typed twice', () => {
    expect(newPassphraseProblem('', '')).toBe('Type a passphrase.');
    expect(newPassphraseProblem('one two', 'one tow')).toBe('The two are not the same yet.');
    expect(newPassphraseProblem('one two', 'one two')).toBeNull();
  });

  test('says how strong it is, once that is known', () => {
    expect(strengthHint(null)).toBe('Four random words or more. Nobody can recover it for you.');
    expect(strengthHint('Weak: soon.')).toBe('Weak: soon. Nobody can recover it for you.');
  });
});
