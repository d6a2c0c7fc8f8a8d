import type { TerminalSize } from '../../../preload/contract/session.ts';

/**
 * The start of every session. It tells its own PID and start time on its output (the engine hides both), sets the size
 * before the program can ask for it (`docker exec -it` alone shows 0x0 at first), then becomes the program.
 * Arguments: $1 rows and $2 columns (empty without a terminal), $3 anything where bash is to mark its prompts, then the
 * program; without one bash, else sh.
 *
 * Marks come by two variables that bash alone reads, so that nobody's files change: before a prompt it tells the last exit
 * code (OSC 133 D) and that a prompt begins (A), before a command runs that its output begins (C). A file of the user's that sets
 * either has the last word; what the image or the config set stays.
 *
 * The leader is a session leader with and without a terminal: runc calls setsid for every exec (seen with runc 1.1 and
 * Docker 20.10: fields 1, 5 and 6 of its stat are the same), so no `setsid` is needed here.
 */
const script = `
while IFS= read -r line || [ -n "$line" ]; do stat="$stat$line "; done < /proc/$$/stat
rows=$1 columns=$2 marks=$3
shift 3
[ -z "$marks" ] || [ -n "$PROMPT_COMMAND$PS0" ] || {
  PROMPT_COMMAND='printf "\\033]133;D;%s\\007\\033]133;A\\007" "$?"' PS0='\\033]133;C\\007'
  export PROMPT_COMMAND PS0
}
[ $# -gt 0 ] || { if command -v bash >/dev/null 2>&1; then set -- bash; else set -- sh; fi; }
tell() { shift 19; printf '\\036%s:%s\\036' "$$" "$1"; }
tell \${stat##*\\) }
[ -z "$rows" ] || stty rows "$rows" cols "$columns" 2>/dev/null
exec "$@"
`;

/**
 * The command of an exec session for a program (empty: a shell) at a size; null without a terminal.
 * @param marksPrompts for bash on a terminal
 */
export function toSessionCommand(
  program: readonly string[],
  size: TerminalSize | null,
  marksPrompts = false,
): readonly string[] {
  const cells = size === null ? ['', ''] : [String(size.rows), String(size.columns)];
  return ['/bin/sh', '-c', script, 'tazpod-session', ...cells, marksPrompts ? 'marks' : '', ...program];
}

/** The session's leader in the container: its PID there and its start time in clock ticks since boot. */
export interface SessionLeader {
  readonly processId: number;
  readonly startTicks: string;
}

/** Longest announcement, in bytes: two numbers and three separators. What is longer is not one. */
const maxAnnouncementBytes = 64;

/**
 * Cuts the announcement off the first bytes of a session.
 * @returns null while more bytes are needed; otherwise the leader (null where the wrapper did not run: then the bytes
 * are an error message) and the bytes that follow it.
 */
export function readAnnouncement(
  bytes: Buffer,
): { readonly leader: SessionLeader | null; readonly rest: Buffer } | null {
  const begin = bytes.indexOf(0x1e);
  const end = begin < 0 ? -1 : bytes.indexOf(0x1e, begin + 1);
  if (end < 0) return bytes.length < maxAnnouncementBytes ? null : { leader: null, rest: bytes };
  const match = /^(?<pid>\d+):(?<start>\d+)$/u.exec(bytes.toString('latin1', begin + 1, end))?.groups;
  const [pid, start] = [match?.['pid'], match?.['start']];
  if (pid === undefined || start === undefined) return { leader: null, rest: bytes };
  const rest = Buffer.concat([bytes.subarray(0, begin), bytes.subarray(end + 1)]);
  return { leader: { processId: Number(pid), startTicks: start }, rest };
}
