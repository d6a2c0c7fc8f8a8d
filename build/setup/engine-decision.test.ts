import { describe, expect, it } from 'vitest';
import { decideEngine, type Facts, whatToRun } from './engine-decision.mjs';
import { hostOf } from './engine-facts.mjs';

/** A fresh Debian machine, root, no terminal. */
const fresh: Facts = {
  platform: 'linux',
  uid: 0,
  aptGet: true,
  packages: [],
  dockerd: false,
  iptables: false,
  ip: false,
  tty: false,
  ci: false,
  answer: undefined,
  unknownDaemon: undefined,
  chosenEngine: undefined,
};
const programs = { dockerd: true, iptables: true, ip: true };

describe('decideEngine', () => {
  it('installs on a fresh Debian machine', () => {
    expect(decideEngine(fresh)).toEqual({
      action: 'install',
      packages: ['docker.io', 'iptables', 'iproute2'],
      ask: false,
    });
  });

  it('installs only what is missing', () => {
    expect(decideEngine({ ...fresh, ...programs, iptables: false })).toMatchObject({ packages: ['iptables'] });
  });

  it('starts what is there without installing', () => {
    expect(decideEngine({ ...fresh, ...programs, packages: ['docker.io'] })).toEqual({ action: 'start' });
    expect(decideEngine({ ...fresh, ...programs, packages: ['docker.io'], aptGet: false })).toEqual({
      action: 'start',
    });
  });

  it.each([
    [{ tty: true }, true],
    [{ tty: true, ci: true }, false],
    [{ tty: true, answer: 'yes' }, false],
    [{ tty: false, ci: true }, false],
  ])('asks before installing: %j -> %j', (facts, ask) => {
    expect(decideEngine({ ...fresh, ...facts })).toMatchObject({ action: 'install', ask });
  });

  it.each(['docker-ce', 'docker-ce-cli', 'moby-engine', 'containerd.io'])('adds none beside %s', (name) => {
    for (const facts of [{}, programs]) {
      const decision = decideEngine({ ...fresh, ...facts, packages: ['docker.io', name] });
      expect(decision.action).toBe('none');
      expect('reason' in decision && decision.reason).toContain(name);
    }
  });

  it('starts a dockerd that is there beside a Podman that does not answer, and installs none there', () => {
    const packages = ['podman', 'podman-docker'];
    expect(decideEngine({ ...fresh, ...programs, packages: [...packages, 'docker.io'] })).toEqual({ action: 'start' });
    // What the private engine needs beside dockerd conflicts with nothing.
    expect(decideEngine({ ...fresh, ...programs, iptables: false, packages })).toMatchObject({
      packages: ['iptables'],
    });
    const none = decideEngine({ ...fresh, packages });
    expect(none.action).toBe('none');
    expect('reason' in none && none.reason).toContain('podman');
    expect('nextStep' in none && none.nextStep).toContain('podman.socket');
  });

  it('refuses beside a dockerd that runs in this network, Podman there or not', () => {
    const unknownDaemon = { pid: 77, host: 'unix:///srv/docker.sock' };
    for (const packages of [['docker.io'], ['docker.io', 'podman']]) {
      expect(decideEngine({ ...fresh, ...programs, packages, unknownDaemon }).action).toBe('none');
    }
    expect(decideEngine({ ...fresh, ...programs, packages: ['docker-ce', 'podman'] }).action).toBe('none');
  });

  it.each<[string, Partial<Facts>]>([
    ['not root', { uid: 1000 }],
    ['not root, engine there', { uid: 1000, ...programs, packages: ['docker.io'] }],
    ['macOS', { platform: 'darwin', uid: 501, aptGet: false }],
    ['root on macOS', { platform: 'darwin', aptGet: false, ...programs }],
    ['Windows', { platform: 'win32', uid: undefined, aptGet: false }],
    ['no apt-get', { aptGet: false }],
    ['told not to', { answer: 'no', ...programs }],
    ['another engine was named', { chosenEngine: 'DOCKER_HOST=unix:///gone.sock', ...programs }],
  ])('sets nothing up, and says what to run: %s', (_name, facts) => {
    const decision = decideEngine({ ...fresh, ...facts });
    expect(decision.action).toBe('none');
    expect('reason' in decision && decision.reason).toMatch(/\w/);
    expect('nextStep' in decision && decision.nextStep).toMatch(/\w/);
  });

  it('leaves a dockerd alone that it does not know, and says how to use it', () => {
    const unknownDaemon = { pid: 77, host: 'unix:///srv/docker.sock' };
    const decision = decideEngine({ ...fresh, ...programs, answer: 'yes', unknownDaemon });
    expect(decision.action).toBe('none');
    expect('reason' in decision && decision.reason).toContain('77');
    expect('nextStep' in decision && decision.nextStep).toContain('DOCKER_HOST=unix:///srv/docker.sock');
  });

  it.each([
    ['dockerd -H unix:///a --data-root /b', 'unix:///a'],
    ['/usr/bin/dockerd --host=unix:///a', 'unix:///a'],
    ['dockerd --data-root /b', 'unix:///var/run/docker.sock'],
  ])('knows where %s listens', (line, host) => {
    expect(hostOf(line.split(' '))).toBe(host);
  });

  it('names the variable that chose an engine which does not answer', () => {
    const decision = decideEngine({ ...fresh, chosenEngine: 'DOCKER_HOST=unix:///gone.sock' });
    expect('reason' in decision && decision.reason).toContain('DOCKER_HOST=unix:///gone.sock');
  });
});

describe('whatToRun', () => {
  it.each<[Partial<Facts>, RegExp]>([
    [{ platform: 'darwin' }, /colima start/],
    [{ platform: 'win32' }, /Docker Desktop/],
    [{ uid: 1000 }, /^sudo apt-get install docker\.io/],
    [{ uid: 0 }, /^apt-get install docker\.io$/],
    [{ uid: 1000, packages: ['docker.io'] }, /systemctl start docker/],
    [{ aptGet: false }, /dnf install podman/],
  ])('%j', (facts, expected) => {
    expect(whatToRun({ ...fresh, ...facts })).toMatch(expected);
  });
});
