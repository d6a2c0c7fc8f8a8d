import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endProcessesScript, endSessionScript, probeScript } from './scripts.ts';

const runs = (program: string, ...rest: string[]): boolean => spawnSync(program, rest).status === 0;

/** A PID namespace of the test's own stands for the container: no process outside it can be reached. */
const canUnshare = runs('unshare', '-pf', '--mount-proc', 'setsid', 'bash', '-c', '[ $$ = 1 ]');
const shells = ['dash', 'bash', 'busybox sh'].filter((shell) => runs(...(shell.split(' ') as ['sh']), '-c', ':'));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tazpod-scripts-'));
  // A program that is no shell by its name, and one whose name looks like the fields behind it.
  for (const name of ['worker', 'w) S 1 (x']) copyFileSync(realpathSync('/bin/sh'), path.join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Helpers of PID 1: bash, with `sleep infinity` as the container's own command beside it. */
const prelude = `
set -m; sleep infinity & own=$!; set +m
alive() { [ -d "/proc/$1" ] && ! grep -q '^State:.Z' "/proc/$1/status" && echo "$2 lives" || echo "$2 is gone"; }
# Waits until a file is there: then the process has set its traps.
until_file() { for i in $(seq 300); do [ -e "$1" ] && return; sleep 0.01; done; echo "no $1"; exit 1; }
born() { stat=$(cat "/proc/$1/stat"); set -- \${stat##*) }; echo "\${20}"; }
`;

/** Runs a script as PID 1 of a new namespace; all in it ends with the script. */
function inContainer(shell: string, script: string): string[] {
  const own = mkdtempSync(path.join(folder, 'run-'));
  const environment = {
    ...process.env,
    bin: folder,
    SHELL_OF: shell,
    ENDP: endProcessesScript,
    ENDS: endSessionScript,
  };
  const output = execFileSync('unshare', ['-pf', '--mount-proc', 'setsid', 'bash', '-c', prelude + script], {
    cwd: own,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 8_000,
  });
  return output.toString().trim().split('\n');
}

describe.skipIf(!canUnshare)('ending what runs in a container (needs unshare as root)', () => {
  it.each(shells)('by %s: TERM to programs, then HUP to shells; the container’s own command lives', (shell) => {
    const lines = inContainer(
      shell,
      `
mkfifo hold
setsid bash -c 'echo $$ > shell; trap "echo shell: TERM >> log" TERM; trap "echo shell: HUP >> log; exit" HUP; touch ready1; read -r x <> hold' &
until_file ready1
export shell=$(cat shell)
setsid "$bin/worker" -c 'trap "kill -0 $shell && echo worker: TERM while the shell lives >> log; exit" TERM; trap "echo worker: HUP >> log" HUP; touch ready2; while :; do sleep 0.02; done' & worker=$!
setsid "$bin/w) S 1 (x" -c 'trap "echo strange: TERM >> log2; exit" TERM; touch ready3; while :; do sleep 0.02; done' &
until_file ready2; until_file ready3
setsid $SHELL_OF -c "$ENDP" tazpod-end 200 < /dev/null
echo "code $?"
sort -u log log2
alive $own 'own command'; alive $shell shell; alive $worker worker
`,
    );
    expect(lines).toEqual([
      'code 0',
      'shell: HUP',
      'strange: TERM',
      'worker: TERM while the shell lives',
      'own command lives',
      'shell is gone',
      'worker is gone',
    ]);
  });

  it.each(shells)('by %s: gives up on one that ignores TERM after its wait, and kills nothing', (shell) => {
    const lines = inContainer(
      shell,
      `
setsid "$bin/worker" -c 'trap "" TERM; touch ready; while :; do sleep 0.02; done' & worker=$!
until_file ready
begin=$(date +%s%N)
setsid $SHELL_OF -c "$ENDP" tazpod-end 30; echo "code $?"
took=$(( ($(date +%s%N) - begin) / 1000000 ))
[ $took -ge 200 ] && [ $took -lt 3000 ] && echo waited || echo "took $took ms"
alive $worker worker; alive $own 'own command'
`,
    );
    expect(lines).toEqual(['code 0', 'waited', 'worker lives', 'own command lives']);
  });

  it.each(shells)('by %s: does not wait where nothing runs', (shell) => {
    const lines = inContainer(
      shell,
      `
begin=$(date +%s%N)
setsid $SHELL_OF -c "$ENDP" tazpod-end 500; echo "code $?"
took=$(( ($(date +%s%N) - begin) / 1000000 ))
[ $took -lt 1500 ] && echo at once || echo "took $took ms"
alive $own 'own command'
`,
    );
    expect(lines).toEqual(['code 0', 'at once', 'own command lives']);
  });
});

describe.skipIf(!canUnshare)('ending a session in a container (needs unshare as root)', () => {
  /** A leader with jobs of all kinds, a second session that has nothing to do with it, and one that called setsid. */
  const session = `
setsid bash -c '
  set -m
  sleep 1001 & echo $! > job
  "$bin/w) S 1 (x" -c "trap \\"\\" HUP TERM; touch ready1; while :; do sleep 0.02; done" & echo $! > stubborn
  sleep 1002 & kill -STOP $!; echo $! > stopped
  setsid bash -c "echo \\$\\$ > away; touch ready3; exec sleep 1003" &
  touch ready2
  if [ -e leave ]; then disown -a; exit; fi
  wait' & leader=$!
setsid sleep 1004 & other=$!
until_file ready1; until_file ready2; until_file ready3
job=$(cat job) stubborn=$(cat stubborn) stopped=$(cat stopped) away=$(cat away)
report() { alive $leader leader; alive $job job; alive $stubborn stubborn; alive $stopped stopped; alive $away away; alive $other other; alive $own own; }
`;
  const ended = [
    'code 0',
    'leader is gone',
    'job is gone',
    'stubborn is gone',
    'stopped is gone',
    'away lives',
    'other lives',
    'own lives',
  ];

  it.each(shells)('by %s ends every process of it, and no other', (shell) => {
    const script = `${session}
setsid $SHELL_OF -c "$ENDS" tazpod-end $leader "$(born $leader)" 20; echo "code $?"
sleep 0.05; report`;
    expect(inContainer(shell, script)).toEqual(ended);
  });

  it.each(shells)('by %s ends what its leader left behind', (shell) => {
    const script = `touch leave
${session}
wait $leader
setsid $SHELL_OF -c "$ENDS" tazpod-end $leader 12345 20; echo "code $?"
sleep 0.05; report`;
    expect(inContainer(shell, script)).toEqual(ended);
  });

  it.each(shells)('by %s does nothing where its PID belongs to another process now', (shell) => {
    const script = `${session}
setsid $SHELL_OF -c "$ENDS" tazpod-end $leader 1 20; echo "code $?"
report`;
    expect(inContainer(shell, script)).toEqual(ended.map((line) => line.replace('is gone', 'lives')));
  });

  it.each(shells)('by %s gives processes the time to flush at HUP', (shell) => {
    const script = `
setsid "$bin/worker" -c 'trap "sleep 0.1; echo flushed; exit" HUP; touch ready; while :; do sleep 0.02; done' & leader=$!
until_file ready
setsid $SHELL_OF -c "$ENDS" tazpod-end $leader "$(born $leader)" 200; echo "code $?"`;
    expect(inContainer(shell, script)).toEqual(['flushed', 'code 0']);
  });

  it.each(shells)('by %s is fine where nothing is left', (shell) => {
    const script = `setsid $SHELL_OF -c "$ENDS" tazpod-end 4000 5 200; echo "code $?"; alive $own own`;
    expect(inContainer(shell, script)).toEqual(['code 0', 'own lives']);
  });
});

describe('the probe', () => {
  const probe = (shell: string, user: string): string => {
    const [program = '', ...rest] = shell.split(' ');
    return execFileSync(program, [...rest, '-c', probeScript, 'tazpod-probe', user]).toString();
  };

  it.each(shells)('by %s finds a user by the whole name', (shell) => {
    expect(probe(shell, 'root')).toContain('user=yes');
    for (const user of ['roo', 'root:', 'nobody-at-all', '', '*', 'root:x']) expect(probe(shell, user)).toBe('');
  });
});
