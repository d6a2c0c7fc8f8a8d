#!/usr/bin/env bash
# Writes the base image's root file system as a tar stream to stdout; everything else goes to stderr, progress as `step: …` lines.
# For machines that reach a Debian mirror but no image registry. The mirror and its key are the ones that this machine's apt uses.
#   build/image/debootstrap.sh | docker import … - tazpod/base:local
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
suite=bookworm
work=''
child=''

step() { echo "step: $*" >&2; }
fail() {
  echo "error: $1" >&2
  echo "next: $2" >&2
  exit 1
}

# Mounts below the work folder, innermost first.
mounts_below() { awk -v root="$work/" 'index($5, root) == 1 { print $5 }' /proc/self/mountinfo | tac; }

# Ends what still runs for us, then unmounts, then deletes: never across a mount, which could be the host's /proc or /dev.
clean_up() {
  local code=$?
  trap - EXIT
  trap '' HUP INT TERM
  if [[ -n $child ]] && kill -TERM -- "-$child" 2>/dev/null; then
    for _ in {1..50}; do
      kill -0 -- "-$child" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL -- "-$child" 2>/dev/null || true
  fi
  if [[ -n $work ]]; then
    local mount
    while read -r mount; do umount "$mount" || umount --lazy "$mount" || true; done < <(mounts_below)
    if [[ -n $(mounts_below) ]]; then
      echo "warning: $work is left behind, something is still mounted below it" >&2
    else
      rm -rf --one-file-system "$work"
    fi
  fi
  exit "$code"
}

# In a process group of its own and awaited: bash runs a trap at once then, and clean_up reaches every descendant.
run() {
  local code=0
  setsid "$@" >&2 </dev/null &
  child=$!
  wait "$child" || code=$?
  child=''
  return "$code"
}

need_system() {
  [[ $(id -u) == 0 ]] || fail 'building the base image without an image registry needs root (debootstrap uses chroot and mount)' \
    'run the same command as root, or connect to an image registry and build build/image/Dockerfile'
  command -v apt-get >/dev/null && command -v dpkg >/dev/null ||
    fail "this system has no apt-get, and debootstrap takes its packages from apt's mirror" \
      'build build/image/Dockerfile on a machine that reaches an image registry'
  # apt knows an index, and so its mirror, only once it has downloaded it.
  if [[ -z $(debian_targets) ]]; then
    step 'Update the package lists'
    run apt-get update
  fi
  if ! command -v debootstrap >/dev/null; then
    step 'Install debootstrap'
    run env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends debootstrap
  fi
}

# One line for each index of Debian's main component that apt has: release, site, and the file that names it.
debian_targets() {
  apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(CREATED_BY) $(RELEASE) $(SITE) $(SOURCESENTRY)' |
    awk '$1 == "Debian" && $2 == "main" && $3 == "Packages" { print $4, $5, $6 }' | sort -u
}

# A mirror list (mirror+file:/etc/apt/mirrors/…) stands for the first URL in it.
first_of_list() {
  case $1 in
    mirror+file:*) awk '/^[a-z]/ { print $1; exit }' "${1#mirror+file:}" ;;
    *) echo "$1" ;;
  esac
}

# The key file that the source entry `FILE:LINE` names, where it is one that gpgv can read.
signed_by() {
  local file=${1%:*} key
  case $file in
    *.sources) key=$(awk -F': *' 'tolower($1) == "signed-by" { print $2; exit }' "$file") ;;
    *) key=$(sed -nE "${1##*:}s/.*signed-by=([^] ,]+).*/\1/p" "$file") ;;
  esac
  if [[ $key == /*.gpg && -r $key ]]; then echo "$key"; fi
}

# apt's own proxy, unless the environment has one already; debootstrap downloads with wget.
use_apt_proxy() {
  local scheme value
  for scheme in http https; do
    value=$(apt-config dump --format '%v%n' "Acquire::${scheme}::Proxy" | head -n 1)
    if [[ -n $value && $value != DIRECT ]]; then declare -gx "${scheme}_proxy=${value}"; fi
  done
}

# The archives that security fixes come from, for the image's own apt; names and passphrases in a URL stay on this machine.
write_sources() {
  awk -v suite="$suite" '$1 == suite || $1 == suite "-updates" || $1 == suite "-security" { print $1, $2 }' <<<"$targets" |
    while read -r release site; do
      echo "deb $(first_of_list "$site") $release main"
    done | sed -E 's#(://)[^/@ ]*@#\1#' | sort -u >"$work/sources.list"
  if [[ -s $work/sources.list ]]; then cp "$work/sources.list" "$root/etc/apt/sources.list"; fi
}

trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

[[ ! -t 1 ]] || fail 'the image is written to stdout, and stdout is a terminal' "pipe it: $0 | docker import - tazpod/base:local"
need_system
use_apt_proxy

targets=$(debian_targets)
entry=$(awk -v suite="$suite" '$1 == suite { print; exit }' <<<"$targets")
if [[ -z $entry ]]; then entry=$(awk '$1 !~ /-/ { print; exit }' <<<"$targets"); fi
read -r _ site source <<<"$entry" || true
keyring=$([[ -z ${source:-} ]] || signed_by "$source")
options=(--variant=minbase --force-check-gpg "--include=$(paste -sd, "$here/packages.txt")")
if [[ -n $keyring ]]; then options+=("--keyring=$keyring"); fi
# No Debian mirror in apt's configuration (Ubuntu and the like): debootstrap knows its own.
mirror=()
if [[ -n ${site:-} ]]; then mirror=("$(first_of_list "$site")"); fi

work=$(mktemp -d "${TMPDIR:-/tmp}/tazpod-image.XXXXXX")
root=$work/root
step "Bootstrap Debian $suite"
run debootstrap "${options[@]}" "$suite" "$root" "${mirror[@]}" ||
  fail "debootstrap failed; its last lines are above" 'check that the mirror in the apt configuration of this machine is reachable (apt-get update), then try again'

write_sources
step 'Install security updates'
run chroot "$root" sh -c 'apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y upgrade' ||
  echo "warning: no security updates: the mirror does not answer from inside the new root" >&2

step 'Configure users and locales'
cp "$here/configure.sh" "$root/tmp/configure.sh"
run chroot "$root" sh /tmp/configure.sh
rm -f "$root/tmp/configure.sh" "$root/etc/hostname" "$root/etc/resolv.conf"

step 'Write the image'
tar -C "$root" --one-file-system --numeric-owner --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' -c .
step 'Done'
