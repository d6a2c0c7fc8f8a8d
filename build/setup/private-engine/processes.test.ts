import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { engineHome } from './home.mjs';
import { clearLeftovers, findContainerd, findDaemon, findShims } from './processes.mjs';

// Only Linux has a private engine, and /proc.
describe.runIf(process.platform === 'linux')('the private engine’s processes', () => {
  let folder: string;
  let home: ReturnType<typeof engineHome>;
  let children: ChildProcess[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tazpod-processes-test-'));
    home = engineHome(folder);
    mkdirSync(home.containerdFolder, { recursive: true });
    children = [];
  });
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** A process that waits, with the name and arguments of another program; returns once it says that it runs. */
  async function pretend(name: string, ...args: string[]) {
    const script = `${name === 'containerd' ? "process.on('SIGTERM', () => {});" : ''} setInterval(() => {}, 1e6); console.log('up')`;
    const child = spawn(process.execPath, ['-e', script, '--', ...args], { argv0: name, stdio: ['ignore', 'pipe', 2] });
    children.push(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    return child;
  }

  it('finds the dockerd of its own data root only', async () => {
    const own = await pretend('/usr/sbin/dockerd', `--data-root=${home.dataRoot}`);
    const other = await pretend('dockerd', `--data-root=${home.dataRoot}-other`);
    const noDaemon = await pretend('tail', `--data-root=${home.dataRoot}`);
    writeFileSync(home.pidFile, `${own.pid}`);
    expect(findDaemon(home)).toBe(own.pid);
    for (const stale of [other.pid, noDaemon.pid, 4194304, 'nonsense', '']) {
      writeFileSync(home.pidFile, `${stale}`);
      expect(findDaemon(home)).toBeUndefined();
    }
  });

  it('ends a containerd that was left, even one that ignores TERM, and no other', async () => {
    const left = await pretend('containerd', '--config', join(home.containerdFolder, 'containerd.toml'));
    const other = await pretend('containerd', '--config', '/elsewhere/containerd.toml');
    const shim = await pretend('containerd-shim-runc-v2', '-address', join(home.containerdFolder, 'containerd.sock'));
    writeFileSync(home.pidFile, `${other.pid}`);
    expect(findContainerd(home)).toEqual([left.pid]);
    expect(findShims(home)).toEqual([shim.pid]);

    expect(await clearLeftovers(home, { graceMs: 200 })).toBe(1);

    expect(findContainerd(home)).toEqual([]);
    expect(other.exitCode ?? other.signalCode).toBeNull();
    expect(findShims(home)).toEqual([shim.pid]);
    expect(existsSync(home.pidFile)).toBe(false);
  });
});
