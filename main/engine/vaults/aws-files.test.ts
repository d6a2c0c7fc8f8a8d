import { expect, test } from 'vitest';
import type { ArchiveMember } from '../vault/archive.ts';
import { AwsFiles } from './aws-files.ts';

const member = (path: string, text: string, type: ArchiveMember['type'] = 'file'): ArchiveMember => ({
  path,
  type,
  mode: 0o600,
  mtimeSeconds: 1,
  bytes: Uint8Array.from(Buffer.from(text)),
  target: '',
});
const archive = { members: [member('.aws/credentials', 'canary'), member('.aws/config', 'target', 'symlink')] };

test('it copies files, no links and nothing too large, and is empty once the vault is closed', () => {
  const files = new AwsFiles();
  expect(files.isKnown).toBe(false);
  files.keep(archive);
  expect([files.isKnown, files.text('credentials'), files.text('config')]).toEqual([true, 'canary', '']);
  files.keep({ members: [member('.aws/config', 'x'.repeat(256 * 1024 + 1))] });
  expect([files.text('credentials'), files.text('config')]).toEqual(['', '']);
  files.keep(archive);
  files.end();
  expect(files.text('credentials')).toBe('');
  files.keep(archive);
  expect(files.text('credentials')).toBe('');
});

test('lent, it outlives the closing until it is given back', () => {
  const files = new AwsFiles();
  files.keep(archive);
  files.lend();
  files.end();
  expect(files.text('credentials')).toBe('canary');
  files.giveBack();
  expect(files.text('credentials')).toBe('');
});
