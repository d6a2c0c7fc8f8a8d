/**
 * Makes a fresh container fit the person outside. Runs as root, once after each start and before the first session; run twice
 * it changes nothing more. Plain POSIX sh; only `find` and `chown` are needed beyond builtins, and only where ids differ.
 *
 * User ids are changed here, in the container's own writable layer, not in a derived image: nothing is cached that could go
 * stale or would have to be tidied, the container's image stays the one that the config names, and it works alike for pulled, built and local images. The
 * price is the copy of the home's files into the layer at each creation, only where ids differ; images keep their homes small.
 * A user that gets uid 0 stands first in /etc/passwd, so that its name and home, not root's, belong to the number.
 *
 * Arguments: $1 user, $2 the image's own user, $3 uid and $4 gid (empty: as they are), $5 folder with the keys (empty: none),
 * $6 ssh config to use in its place (empty: its own), $7 git name, $8 git email, $9 safe folders, one a line, then the
 * text of a git config for images without git, paths of volumes (one a line), the host's language, and the agent's socket to hand over.
 * Prints `home=`, `uid=`, `gid=`, `lang=` and `warn=` lines.
 */
export const prepareScript = `
user=$1 fallback=$2 uid=$3 gid=$4 keys=$5 ssh_config=$6 git_name=$7 git_email=$8 safe=$9
shift 9
git_text=$1 volumes=$2 lang=$3 agent=$4
nl='
'
find_user() {
  while IFS=: read -r name pass u g gecos home shell || [ -n "$name" ]; do
    [ "$name" = "$1" ] && return 0
    [ "$u" = "\${1%%:*}" ] && return 0
    name=
  done < /etc/passwd
  u= g= home=
  return 1
}
find_user "$user" || { [ -n "$fallback" ] && find_user "$fallback"; } || find_user root || home=/
case $user in
  [0-9]*) u=\${user%%:*}; case $user in *:*) g=\${user#*:};; esac; uid= gid=;;
esac
[ "$name" = root ] && uid= gid=
if [ -n "$uid" ] && { [ "$u" != "$uid" ] || [ "$g" != "$gid" ]; }; then
  case $home in
    ''|/|/workspace|/workspace/*) ;;
    *)
      find "$home" -xdev -user "$u" -exec chown -h "$uid" {} + 2>/dev/null
      find "$home" -xdev -group "$g" -exec chgrp -h "$gid" {} + 2>/dev/null
      [ -n "$(find "$home" -prune -user "$uid" 2>/dev/null)" ] || echo "warn=home";;
  esac
  groups= known=
  while IFS=: read -r gname gpass id members || [ -n "$gname" ]; do
    [ "$id" = "$gid" ] && known=yes
  done < /etc/group
  if [ -z "$known" ]; then
    while IFS=: read -r gname gpass id members || [ -n "$gname" ]; do
      [ "$id" = "$g" ] && id=$gid
      groups="$groups$gname:$gpass:$id:$members$nl"
    done < /etc/group
    printf '%s' "$groups" > /etc/group
  fi
  rest=
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in "$name:"*) ;; *) rest="$rest$line$nl";; esac
  done < /etc/passwd
  printf '%s\\n%s' "$name:$pass:$uid:$gid:$gecos:$home:$shell" "$rest" > /etc/passwd || echo "warn=passwd"
  u=$uid g=$gid
fi
echo "home=$home"; echo "uid=$u"; echo "gid=$g"
own() { [ -n "$(find "$1" -prune -user "$u" 2>/dev/null)" ] || chown $2 "$u:$g" "$1"; }
while IFS= read -r volume; do
  [ -n "$volume" ] || continue
  own "$volume" -R
  parent=\${volume%/*}
  while case $parent in "$home"/?*) true;; *) false;; esac; do own "$parent" -h; parent=\${parent%/*}; done
done <<END
$volumes
END
mkdir -p /var/lib/tazpod
if [ -n "$keys" ]; then
  dir=/var/lib/tazpod/ssh
  mkdir -p "$dir" /etc/ssh/ssh_config.d
  [ -e "$dir/known_hosts" ] || cat "$keys/known_hosts" > "$dir/known_hosts" 2>/dev/null
  printf 'Host *\\n  UserKnownHostsFile %s %s\\n' "$dir/known_hosts" "$keys/known_hosts" > /etc/ssh/ssh_config.d/00-tazpod.conf
  if [ -e /etc/ssh/ssh_config ]; then
    case $(cat /etc/ssh/ssh_config) in
      *ssh_config.d*) ;;
      *) printf '\\nMatch all\\nInclude /etc/ssh/ssh_config.d/*.conf\\n' >> /etc/ssh/ssh_config;;
    esac
  fi
  if [ -n "$ssh_config" ]; then
    printf '%s' "$ssh_config" > "$dir/config"
    chmod 600 "$dir/config"
    case $(cat /proc/self/mountinfo) in
      *" $keys/config "*) ;;
      *) mount --bind "$dir/config" "$keys/config" 2>/dev/null || echo "warn=ssh-config";;
    esac
  fi
  chown -R "$u:$g" "$dir"
  chmod 700 "$dir"; chmod 600 "$dir/known_hosts"
  if [ "$home/.ssh" != "$keys" ] && [ ! -e "$home/.ssh" ]; then ln -s "$keys" "$home/.ssh"; fi
fi
[ -z "$agent" ] || chown "$u:$g" "$agent" 2>/dev/null
if command -v git >/dev/null 2>&1; then
  HOME=$home; export HOME
  cd /
  set_once() {
    [ -n "$2" ] || return 0
    git config --global --get "$1" >/dev/null 2>&1 || git config --system --get "$1" >/dev/null 2>&1 || git config --global "$1" "$2"
  }
  set_once user.name "$git_name"
  set_once user.email "$git_email"
  present=$(git config --global --get-all safe.directory 2>/dev/null)
  while IFS= read -r one; do
    case "$nl$present$nl" in *"$nl$one$nl"*) ;; *) [ -z "$one" ] || git config --global --add safe.directory "$one";; esac
  done <<END
$safe
END
  [ ! -e "$home/.gitconfig" ] || own "$home/.gitconfig" -h
elif [ -n "$git_text" ] && [ ! -e "$home/.gitconfig" ]; then
  printf '%s' "$git_text" > "$home/.gitconfig"
  own "$home/.gitconfig" -h
fi
found=
if [ -n "$lang" ]; then
  short=\${lang%%.*}.utf8
  for one in $(locale -a 2>/dev/null); do
    case $one in "$lang"|"$short") found=$lang;; esac
  done
fi
if [ -n "$found" ]; then echo "lang=$found"; elif [ -z "$LANG" ]; then echo "lang=C.UTF-8"; fi
exit 0
`;
