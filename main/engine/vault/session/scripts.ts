/**
 * Shell scripts of an unlocked vault. They run as root in the container, in plain POSIX sh; tar, mount and a few more
 * programs are looked for first. What they print on their error output is for the log and for failures: it holds names
 * of programs and reasons of mount, never what is in a vault.
 *
 * Each begins with `profile=`. In a hardened container the engine made the tmpfs, and nothing may be mounted: there a closed
 * vault is an empty folder of root's, into which nobody else can write, and anything else is an open one.
 */
export const vaultPath = '/home/tazpod/secrets';
const awsPath = '/home/tazpod/.aws';

/** Exit codes of the scripts, above what tar and sh use themselves. */
export const scriptExits = { toolsMissing: 90, mounted: 91, unsafePath: 92, notMounted: 93, mountFailed: 94, left: 95 };

const common = `
dir=${vaultPath} aws=${awsPath}
is_mounted() {
  while read -r device at rest; do [ "$at" = "$1" ] && return 0; done < /proc/self/mounts
  return 1
}
is_open() {
  is_mounted "$dir" || return 1
  [ "$profile" = standard ] || [ ! -O "$dir" ] || has_members
}
has_members() {
  for member in "$dir"/* "$dir"/.[!.]* "$dir"/..?*; do [ -e "$member" ] || [ -L "$member" ] && return 0; done
  return 1
}
empty() { rm -rf "$dir"/* "$dir"/.[!.]* "$dir"/..?*; }
need() {
  missing=
  for tool in "$@"; do command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"; done
  [ -z "$missing" ] || { echo "missing:$missing" >&2; exit ${scriptExits.toolsMissing}; }
}`;

/**
 * Mounts the tmpfs and unpacks the tar on its input; on any failure nothing stays mounted. noswap exists since Linux 6.4.
 * It gets ready while the key is still derived, and mounts nothing before the line that comes ahead of the tar. Each program
 * that it starts takes a few milliseconds of an unlock, so there are no more than needed.
 * Argument: $1 the config's user. Prints its \`uid:gid\`.
 */
export const openScript = `${common}
if [ "$profile" = standard ]; then need tar mount umount id mkdir chown chmod rm; else need tar id mkdir chown chmod rm; fi
is_open && exit ${scriptExits.mounted}
for path in "$dir" "$aws" /home/tazpod; do [ -L "$path" ] && exit ${scriptExits.unsafePath}; done
ids=$(id "$1" 2>/dev/null)
uid=\${ids#uid=} uid=\${uid%%[!0-9]*} gid=\${ids#*gid=} gid=\${gid%%[!0-9]*}
[ -n "$uid" ] && [ -n "$gid" ] || { uid=1000 gid=1000; }
read -r go || exit 1
undo() {
  if [ "$profile" = hardened ]; then
    empty
    chown 0:0 "$dir" && chmod 0700 "$dir"
    exit "$1"
  fi
  is_mounted "$aws" && umount "$aws"
  is_mounted "$dir" && umount "$dir"
  exit "$1"
}
unpack() {
  tar -xpf - -C "$dir" || undo 1
  [ -d "$dir/.aws" ] || mkdir -m 0700 "$dir/.aws" || undo 1
  chown -hR "$uid:$gid" "$dir" || undo 1
}
if [ "$profile" = hardened ]; then
  is_mounted "$dir" || exit ${scriptExits.notMounted}
  unpack
  echo "$uid:$gid"
  exit 0
fi
if [ ! -d "$dir" ] || [ ! -d "$aws" ]; then
  mkdir -p "$dir" "$aws" || exit ${scriptExits.mountFailed}
  chown "$uid:$gid" "$aws"
fi
options="size=64m,mode=0700,uid=$uid,gid=$gid,nosuid,nodev"
mount -t tmpfs -o "$options,noswap" tazpod-vault "$dir" 2>/dev/null ||
  mount -t tmpfs -o "$options" tazpod-vault "$dir" || undo ${scriptExits.mountFailed}
unpack
mount -o bind "$dir/.aws" "$aws" || undo ${scriptExits.mountFailed}
echo "$uid:$gid"
`;

/** Gives the vault's files as a tar: folders before what they hold, relative names. */
export const packScript = `${common}
need tar
is_open || exit ${scriptExits.notMounted}
exec tar -cf - -C "$dir" .
`;

/** Exit 0 where the vault is open. */
export const lookScript = `${common}
is_open || exit ${scriptExits.notMounted}
`;

/**
 * Lists who has the vault open, one \`holder PID START NAME\` a line. Without SYS_PTRACE root may not look into another
 * user's processes, but that user may: those are told as \`unreadable UID GID\`, to run this again as them.
 */
export const holdersScript = `${common}
need readlink
inside() { case "$1" in "$dir"|"$dir"/*|"$aws"|"$aws"/*) return 0;; esac; return 1; }
holds() {
  for link in "$1/cwd" "$1/root" "$1/exe" "$1"/fd/*; do
    target=$(readlink "$link" 2>/dev/null) && inside "\${target% (deleted)}" && return 0
  done
  while read -r span flags offset device inode target; do inside "$target" && return 0; done 2>/dev/null < "$1/maps"
  return 1
}
for entry in /proc/[0-9]*; do
  pid=\${entry#/proc/}
  [ "$pid" = $$ ] && continue
  uid= gid= name=
  while read -r key value rest; do
    case "$key" in Name:) name=$value;; Uid:) uid=$value;; Gid:) gid=$value;; esac
  done 2>/dev/null < "$entry/status"
  [ -n "$uid" ] || continue
  if ! readlink "$entry/cwd" >/dev/null 2>&1; then echo "unreadable $uid $gid"; continue; fi
  holds "$entry" || continue
  stat=$(cat "$entry/stat" 2>/dev/null) || continue
  set -- \${stat##*\\) }
  shift 19
  echo "holder $pid $1 $name"
done
exit 0
`;

/** Ends the processes given as \`PID:START\`: asks them, waits a second, then kills. One whose PID went to another is left. */
export const endHoldersScript = `
alive() {
  stat=$(cat "/proc/\${1%:*}/stat" 2>/dev/null) || return 1
  born=\${1#*:}
  set -- \${stat##*\\) }
  [ "$1" = Z ] && return 1
  shift 19
  [ "$1" = "$born" ]
}
any() { for one in "$@"; do alive "$one" && return 0; done; return 1; }
for one in "$@"; do alive "$one" && kill -HUP "\${one%:*}" && kill -TERM "\${one%:*}"; done 2>/dev/null
left=50
while [ $left -gt 0 ] && any "$@"; do sleep 0.02 2>/dev/null || { sleep 1; left=1; }; left=$((left - 1)); done
for one in "$@"; do alive "$one" && kill -KILL "\${one%:*}"; done 2>/dev/null
left=50
while [ $left -gt 0 ] && any "$@"; do sleep 0.02 2>/dev/null || { sleep 1; left=1; }; left=$((left - 1)); done
exit 0
`;

/** Deletes the vault's files, unmounts both (hardened: leaves the engine's tmpfs empty and root's) and checks. */
export const closeScript = `${common}
if [ "$profile" = standard ]; then need umount rm; else need rm chown; fi
is_open || exit 0
if [ "$profile" = standard ] && is_mounted "$aws"; then umount "$aws" || exit ${scriptExits.left}; fi
if [ "$profile" = hardened ]; then
  # From here on nobody puts anything in.
  chown 0:0 "$dir" && chmod 0700 "$dir" && empty
  if is_open; then exit ${scriptExits.left}; fi
  exit 0
fi
empty
umount "$dir" || exit ${scriptExits.left}
if is_mounted "$dir" || is_mounted "$aws"; then exit ${scriptExits.left}; fi
exit 0
`;
