import { execFileSync, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { completionScript } from './completion.ts';
import { wordNames } from './table.ts';

function complete(...typed: string[]): string[] {
  const words = typed.map((word) => `'${word}'`).join(' ');
  const script = `${completionScript('bash')}
cd /
complete -p tazpod >&2
COMP_WORDS=(${words}); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
_tazpod
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const result = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
  expect(result.stderr).toBe('complete -F _tazpod tazpod\n');
  return result.stdout.split('\n').filter((line) => line !== '');
}

test('bash completes words, flags, folders and operands', () => {
  expect(complete('tazpod', 're')).toEqual(['restart', 'rebuild', 'restore']);
  for (const word of wordNames) expect(complete('tazpod', '')).toContain(word);
  expect(complete('tazpod', 'up', '--i')).toEqual(['--init', '--image']);
  expect(complete('tazpod', 'ssh', '--tr')).toEqual(['--trust']);
  expect(complete('tazpod', 'status', 'us')).toEqual(['usr']);
  expect(complete('tazpod', 'image', '')).toEqual(['list', 'pull', 'build-base', 'use']);
  expect(complete('tazpod', 'completion', 'z')).toEqual(['zsh']);
  expect(complete('tazpod', '--ver')).toContain('--version');
});

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

test.runIf(has('zsh'))('zsh takes its script', () => {
  execFileSync('zsh', ['-n'], { input: completionScript('zsh') });
});

test.runIf(has('fish'))('fish takes its script', () => {
  execFileSync('fish', ['--no-execute'], { input: completionScript('fish') });
});

test('every word stands in the scripts of zsh and fish', () => {
  for (const shell of ['zsh', 'fish'] as const) {
    for (const word of wordNames) expect(completionScript(shell)).toContain(word);
  }
});
