import { expect, test } from 'vitest';
import { ratePassphrase } from './passphrase-strength.ts';

test.each([
  ['', 'weak'],
  ['password', 'weak'],
  ['P@ssw0rd123!', 'weak'],
  ['qwertzuiop1990', 'weak'],
  ['aaaaaaaaaaaaaaaaaaaaaaaa', 'weak'],
  ['Tr0ub4dor', 'weak'],
  ['marble yonder kiosk', 'strong'],
  ['correct horse battery staple plum', 'strong'],
  ['k8#Vq2!zLw0p', 'fair'],
  ['語彙が豊富な合言葉です、本当に', 'strong'],
] as const)('%s is %s', async (passphrase, level) => {
  expect(await ratePassphrase(passphrase)).toMatchObject({ level });
});

test('says in words how long guessing takes, and never what was typed', async () => {
  expect((await ratePassphrase('password')).words).toBe(
    'Weak: by a cautious estimate one graphics card finds it within a minute.',
  );
  const { words } = await ratePassphrase('marble yonder kiosk');
  expect(words).toMatch(/^Strong: by a cautious estimate one graphics card finds it within [\d,]+ years\.$/u);
});

test('a very long passphrase is rated at once', async () => {
  const { level } = await ratePassphrase('abc def 123 '.repeat(85));
  expect(['weak', 'fair', 'strong']).toContain(level);
});
