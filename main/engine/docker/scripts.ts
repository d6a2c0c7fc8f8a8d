/**
 * Shell scripts that run inside containers. Plain POSIX sh and builtins only: an image may have no ps, pkill or bash.
 * /proc/PID/stat is `pid (name) state ppid pgrp session …`; the name may hold blanks, brackets and newlines, so it is
 * read whole and cut after the last bracket.
 */
const readStat = `
stat_of() {
  stat=
  while IFS= read -r line || [ -n "$line" ]; do stat="$stat$line "; done 2>/dev/null < "/proc/$1/stat" || return 1
  [ -n "$stat" ] || return 1
  name=\${stat#*\\(}; name=\${name%\\)*}
  set -- \${stat##*\\) }
  state=$1 parent=$2 group=$3 session=$4
  shift 19
  started=$1
  [ "$state" != Z ]
}
nap() {
  if sleep 0.02 2>/dev/null; then left=$((left - 2)); else sleep 1; left=$((left - 100)); fi
}`;

/**
 * Ends what runs in the container, politely: TERM to every process that is not a shell, wait, HUP to the shells, wait.
 * HUP first would kill programs that trap only TERM. PID 1, the container's own command (the first child in PID 1's
 * session, leader of its group) and this script's session are left alone.
 * Only those that were told are waited for: a loop in a shell starts new programs for ever. A quarter of the wait is the shells'.
 * Arguments: $1 hundredths of a second to wait in all.
 */
export const endProcessesScript = `${readStat}
stat_of $$; own=$session
left=$1
is_shell() { case "$name" in sh|bash|dash|zsh|fish|ash|ksh|mksh|busybox|-sh|-bash|-zsh|-fish) return 0;; esac; return 1; }
others() {
  pids=
  for entry in /proc/[0-9]*; do
    pid=\${entry#/proc/}
    stat_of "$pid" || continue
    [ "$pid" = 1 ] && continue
    [ "$session" = "$own" ] && continue
    [ "$parent" = 1 ] && [ "$session" = 1 ] && [ "$group" = "$pid" ] && continue
    if is_shell; then kind=shell; else kind=program; fi
    [ "$kind" = "$1" ] && pids="$pids $pid"
  done
  [ -n "$pids" ]
}
any_left() {
  for pid in $1; do stat_of "$pid" && return 0; done
  return 1
}
signal() {
  kill "-$1" $pids 2>/dev/null
  told=$pids
  while [ "$left" -gt "$2" ] && any_left "$told"; do nap; done
}
reserve=$((left / 4))
if others program; then signal TERM "$reserve"; fi
if others shell; then signal HUP 0; fi
exit 0
`;

/**
 * Ends one exec session: every process of its kernel session, HUP first, KILL after the wait. Does nothing where the
 * leader's PID now belongs to another process (its start time differs).
 * Arguments: $1 PID of the leader, $2 its start time, $3 hundredths of a second to wait.
 */
export const endSessionScript = `${readStat}
leader=$1 born=$2 left=$3
if stat_of "$leader" && [ "$started" != "$born" ]; then exit 0; fi
members() {
  pids=
  for entry in /proc/[0-9]*; do
    pid=\${entry#/proc/}
    stat_of "$pid" || continue
    [ "$session" = "$leader" ] && pids="$pids $pid"
  done
  [ -n "$pids" ]
}
members || exit 0
kill -HUP $pids 2>/dev/null
kill -CONT $pids 2>/dev/null
while [ "$left" -gt 0 ] && members; do nap; done
members && kill -KILL $pids 2>/dev/null
exit 0
`;

/**
 * Looks at a fresh container: prints \`user=yes\` where the named user exists. That it runs at all shows that the image
 * has a shell and that its command did not exit at once.
 * Arguments: $1 name of the user.
 */
export const probeScript = `
while IFS=: read -r name rest; do [ "$name" = "$1" ] && echo user=yes; done < /etc/passwd
exit 0
`;
