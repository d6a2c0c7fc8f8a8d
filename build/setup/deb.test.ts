import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeDeb } from './deb.mjs';

/** fpm's place is taken by a program that keeps what it was told: what is tested is all that electron-builder hands to it. */
const folder = mkdtempSync(path.join(tmpdir(), 'tazpod-deb-'));
const packed = path.join(folder, 'linux-unpacked');
const profileFile = path.join(packed, 'resources', 'apparmor-profile');
const before = process.env['CUSTOM_FPM_PATH'];
let args: readonly string[] = [];

/** The value behind a flag of fpm. */
const valueOf = (flag: string): string => args[args.indexOf(flag) + 1] ?? '';

beforeAll(async () => {
  mkdirSync(path.join(packed, 'resources'), { recursive: true });
  const fpm = path.join(folder, 'fpm');
  const kept = path.join(folder, 'arguments');
  const script = `#!/bin/sh
printf '%s\\n' "$@" >'${kept}'
while [ $# -gt 0 ]; do
  case $1 in
    --after-install) cp "$2" '${folder}/after-install' ;;
    --after-remove) cp "$2" '${folder}/after-remove' ;;
    --package) : >"$2" ;;
  esac
  shift
done
`;
  writeFileSync(fpm, script);
  chmodSync(fpm, 0o755);
  process.env['CUSTOM_FPM_PATH'] = fpm;
  await makeDeb(packed, path.join(folder, 'dist'));
  args = readFileSync(kept, 'utf8').split('\n');
}, 60_000);
afterAll(() => {
  if (before === undefined) delete process.env['CUSTOM_FPM_PATH'];
  else process.env['CUSTOM_FPM_PATH'] = before;
  rmSync(folder, { recursive: true, force: true });
});

describe('the Debian package', () => {
  test('holds the app in /opt and its command line in /usr/bin', () => {
    expect(args).toContain(`${packed}/=/opt/TazPod Desktop`);
    expect(args).toContain('build/launcher/tazpod-deb=/usr/bin/tazpod');
    expect(readFileSync(path.resolve('build/launcher/tazpod-deb'), 'utf8')).toContain(
      "'/opt/TazPod Desktop/resources/bin/tazpod'",
    );
    expect(valueOf('--name')).toBe('tazpod-desktop');
  });

  test('depends on no engine, and does not suggest to apt that it install one', () => {
    expect(args.filter((word) => /docker|podman|containerd/u.test(word))).toEqual([]);
    expect(valueOf('--deb-recommends')).toBe('libglib2.0-bin');
  });

  test('brings an AppArmor profile that lets this very program make user namespaces', () => {
    const profile = readFileSync(profileFile, 'utf8');
    expect(profile).toContain('profile "tazpod-desktop" "/opt/TazPod Desktop/tazpod-desktop" flags=(unconfined)');
    expect(profile).toMatch(/^\s+userns,$/mu);
  });

  test('installs the profile where AppArmor knows its rules, and takes it away on removal', () => {
    const install = readFileSync(path.join(folder, 'after-install'), 'utf8');
    expect(install).toContain("APPARMOR_PROFILE_SOURCE='/opt/TazPod Desktop/resources/apparmor-profile'");
    expect(install).toContain("APPARMOR_PROFILE_TARGET='/etc/apparmor.d/tazpod-desktop'");
    const remove = readFileSync(path.join(folder, 'after-remove'), 'utf8');
    expect(remove).toContain("APPARMOR_PROFILE_DEST='/etc/apparmor.d/tazpod-desktop'");
    for (const name of ['after-install', 'after-remove']) {
      expect(spawnSync('bash', ['-n', path.join(folder, name)]).status).toBe(0);
    }
  });

  const version = /version (\d+)/u.exec(spawnSync('apparmor_parser', ['--version'], { encoding: 'utf8' }).stdout ?? '');
  const knowsUserns = Number(version?.[1] ?? 0) >= 4;
  const because = knowsUserns ? '' : ' (skipped: needs apparmor_parser 4 or newer, as Ubuntu 24.04 has it)';
  test.skipIf(!knowsUserns)(`has a profile that AppArmor reads${because}`, () => {
    const read = spawnSync('apparmor_parser', ['--skip-kernel-load', '--skip-cache', profileFile], {
      encoding: 'utf8',
    });
    expect(read).toMatchObject({ status: 0 });
  });
});
