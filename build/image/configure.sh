#!/bin/sh
# Turns a root file system with packages.txt installed into the base image's. Runs as root inside that root, from the Dockerfile and from
# debootstrap.sh, so that both make the same image. Anything here may be run twice.
set -eu

sed -i 's/^# *\(en_US.UTF-8 UTF-8\)/\1/' /etc/locale.gen
locale-gen >/dev/null

id tazpod >/dev/null 2>&1 || {
  groupadd --gid 1000 tazpod
  useradd --uid 1000 --gid 1000 --create-home --home-dir /home/tazpod --shell /bin/bash tazpod
}
echo 'tazpod ALL=(ALL:ALL) NOPASSWD: ALL' >/etc/sudoers.d/tazpod
chmod 0440 /etc/sudoers.d/tazpod
visudo --check --quiet

# The project folder is mounted here; without one the user can still write in it.
mkdir -p /workspace
chown 1000:1000 /workspace

# The same exclusions as Debian's slim images, so that packages installed later stay as small.
cat >/etc/dpkg/dpkg.cfg.d/tazpod <<'EXCLUDES'
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/info/*
path-exclude /usr/share/locale/*
path-include /usr/share/locale/locale.alias
path-exclude /usr/share/man/*
EXCLUDES
find /usr/share/doc -mindepth 1 ! -type d ! -name copyright -delete
find /usr/share/doc -mindepth 1 -type d -empty -delete
find /usr/share/locale -mindepth 1 -maxdepth 1 ! -name locale.alias -exec rm -rf {} +
rm -rf /usr/share/man/* /usr/share/info/*

apt-get clean
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/debconf/*-old /var/log/*.log /var/log/apt
