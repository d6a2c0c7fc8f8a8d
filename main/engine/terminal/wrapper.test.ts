import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readAnnouncement, toSessionCommand } from './wrapper.ts';

const announcement = '\x1e4711:123456\x1e';
const leader = { processId: 4711, startTicks: '123456' };

describe('the announcement', () => {
  it.each(['', 'bash: no job control\r\n', 'é', 'x'.repeat(500)])('is cut out of what comes, after %j', (noise) => {
    const read = readAnnouncement(Buffer.from(`${noise}${announcement}$ prompt`));
    expect(read).toEqual({ leader, rest: Buffer.from(`${noise}$ prompt`) });
  });

  it('is awaited, wherever the bytes are cut', () => {
    const whole = Buffer.from(`hi ${announcement}`);
    for (let end = 0; end < whole.length; end++) expect(readAnnouncement(whole.subarray(0, end))).toBeNull();
    expect(readAnnouncement(whole)).toEqual({ leader, rest: Buffer.from('hi ') });
  });

  it.each([
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "/bin/sh": no such file',
    'x'.repeat(64),
    '\x1enot numbers\x1e',
    '\x1e12:\x1e',
    '\x1e:12\x1e',
    '\x1e-1:5\x1e',
    '\x1e1:2 \x1e',
    '\x1e\x1e',
  ])('is not in the error words %j', (words) => {
    expect(readAnnouncement(Buffer.from(words))).toEqual({ leader: null, rest: Buffer.from(words) });
  });

  it('is still awaited after few words', () => {
    expect(readAnnouncement(Buffer.from('x'.repeat(63)))).toBeNull();
    expect(readAnnouncement(Buffer.alloc(0))).toBeNull();
  });
});

/** Programs that a container's sh may be. */
const shells = ['/bin/sh', 'dash', 'bash', 'busybox sh'].filter((shell) => {
  const [program = '', ...rest] = shell.split(' ');
  return spawnSync(program, [...rest, '-c', ':']).status === 0;
});

describe('the wrapper', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tazpod-wrapper-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const commandOf = (shell: string, program: readonly string[]): readonly [string, readonly string[]] => {
    const [, ...rest] = toSessionCommand(program, { rows: 33, columns: 111 });
    const [file = '', ...first] = shell.split(' ');
    return [file, [...first, ...rest]];
  };

  function run(shell: string, program: readonly string[], environment: Record<string, string> = {}): Buffer {
    const [file, rest] = commandOf(shell, program);
    return execFileSync(file, rest, { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, ...environment } });
  }

  const hostile = ['two words', '', '"double"', "'single'", 'line\nbreak', '$HOME `id` \\', '*', '-e', 'ü) R 1 (x'];
  const script =
    'const { readFileSync } = require("node:fs"); console.log(JSON.stringify([process.pid, readFileSync("/proc/self/stat", "utf8"), process.argv.slice(1)]))';

  it.each(shells)('run by %s tells its own PID and start, then becomes the program with all its arguments', (shell) => {
    const read = readAnnouncement(run(shell, [process.execPath, '-e', script, '--', ...hostile]));
    const [pid, stat, given] = JSON.parse(read?.rest.toString('utf8') ?? '') as [number, string, string[]];
    expect(given).toEqual(hostile);
    // The program is the very process that was announced.
    expect(read?.leader?.processId).toBe(pid);
    expect(read?.leader?.startTicks).toBe(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  });

  it.each(shells)('run by %s without a program becomes a shell', (shell) => {
    const [file, rest] = commandOf(shell, []);
    const read = readAnnouncement(
      execFileSync(file, rest, { input: 'echo "it is $0"\n', stdio: ['pipe', 'pipe', 'ignore'] }),
    );
    expect(read?.leader).not.toBeNull();
    expect(read?.rest.toString()).toMatch(/^it is (?:bash|sh)\n$/u);
  });

  it.each(shells)('run by %s leaves variables of the container as they are', (shell) => {
    const names = { stat: 'mine) S 1 2 3', line: 'mine', program: 'mine' };
    const read = readAnnouncement(run(shell, ['env'], { stat: 'mine', program: 'mine' }));
    expect(read?.leader?.processId).toBeGreaterThan(0);
    expect(read?.rest.toString()).toContain(`\nprogram=${names.program}\n`);
    expect(readAnnouncement(run(shell, ['true'], names))?.leader?.startTicks).toMatch(/^\d+$/u);
  });

  it.each(shells)('run by %s has bash mark its prompts, unless something else has that place', (shell) => {
    const [file = '', ...first] = shell.split(' ');
    const environmentOf = (marks: boolean, environment: Record<string, string>): string => {
      const [, ...rest] = toSessionCommand(['env'], null, marks);
      const { PROMPT_COMMAND: _command, PS0: _before, ...clean } = process.env;
      return execFileSync(file, [...first, ...rest], {
        // Bash that is given a socket reads the user's own file.
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...clean, ...environment },
      }).toString();
    };
    expect(environmentOf(true, {})).toContain(String.raw`PROMPT_COMMAND=printf "\033]133;D;%s\007\033]133;A\007" "$?"`);
    expect(environmentOf(true, {})).toContain(String.raw`PS0=\033]133;C\007`);
    expect(environmentOf(false, {})).not.toContain('133');
    expect(environmentOf(true, { PROMPT_COMMAND: 'mine' })).not.toContain('133');
    expect(environmentOf(true, { PS0: 'mine' })).not.toContain('133');
  });

  it.each(shells)('run by %s fails as the program does', (shell) => {
    const [file, rest] = commandOf(shell, ['/no/such/program']);
    expect(spawnSync(file, rest).status).toBe(127);
    const [again, exit] = commandOf(shell, ['sh', '-c', 'exit 7']);
    expect(spawnSync(again, exit).status).toBe(7);
  });

  const hasScript = spawnSync('script', ['--version']).status === 0;
  it.runIf(hasScript).each(shells)(
    'run by %s on a terminal sets its size before the program starts (needs script)',
    (shell) => {
      const [file, rest] = commandOf(shell, ['stty', 'size']);
      const runner = path.join(folder, `${shell.replaceAll(/\W/gu, '-')}.cjs`);
      writeFileSync(
        runner,
        `require('node:child_process').spawnSync(${JSON.stringify(file)}, ${JSON.stringify(rest)}, { stdio: 'inherit' })`,
      );
      const bytes = execFileSync('script', ['-qec', `'${process.execPath}' '${runner}'`, '/dev/null'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const read = readAnnouncement(bytes);
      expect(read?.leader).not.toBeNull();
      expect(read?.rest.toString().trim()).toBe('33 111');
    },
  );
});
