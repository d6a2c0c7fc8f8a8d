import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Facts } from './engine-decision.mjs';
import { ensureEngine } from './engine.mjs';
import { engineHome } from './private-engine/home.mjs';

const plainUser: Facts = {
  platform: 'linux',
  uid: 1000,
  aptGet: true,
  packages: [],
  dockerd: false,
  iptables: true,
  ip: true,
  tty: true,
  ci: false,
  answer: undefined,
  unknownDaemon: undefined,
  chosenEngine: undefined,
};

describe('ensureEngine', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tazpod-engine-test-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs it against a locate script that prints the given text; `ask` and `facts` tell whether they were used. */
  async function ensure(printed: string, facts: Facts = plainUser) {
    const locateScript = join(folder, 'locate.mjs');
    writeFileSync(locateScript, `process.stdout.write(${JSON.stringify(printed)});`);
    const ask = vi.fn(() => Promise.resolve(false));
    const readFacts = vi.fn(() => Promise.resolve(facts));
    const engine = await ensureEngine({ ask, locateScript, home: engineHome(join(folder, 'home')), facts: readFacts });
    return { engine, ask, readFacts };
  }

  it('uses an engine that answers as it is', async () => {
    const printed = JSON.stringify({ status: 'ready', dockerHost: 'unix:///run/x.sock', source: 'the usual socket' });
    const { engine, readFacts } = await ensure(printed);
    expect(engine).toEqual({ status: 'ready', dockerHost: 'unix:///run/x.sock', isPrivate: false });
    expect(readFacts).not.toHaveBeenCalled();
  });

  it.each(['permission', 'remote'])('%s: passes the reason on and looks no further', async (status) => {
    const failure = { message: 'what was found', nextStep: 'what to do' };
    const { engine, readFacts } = await ensure(JSON.stringify({ status, tried: [], failure }));
    expect(engine).toEqual({ status: 'none', reason: 'what was found', nextStep: 'what to do' });
    expect(readFacts).not.toHaveBeenCalled();
  });

  const unreachable = JSON.stringify({
    status: 'unreachable',
    tried: [],
    failure: { message: 'no engine', nextStep: '-' },
  });

  it('unreachable and not allowed: says why and what to run', async () => {
    const { engine, ask } = await ensure(unreachable);
    expect('reason' in engine && engine.reason).toMatch(/^no engine; .*root/);
    expect('nextStep' in engine && engine.nextStep).toContain('sudo apt-get install docker.io');
    expect(ask).not.toHaveBeenCalled();
  });

  it('asks before it installs, and takes no for an answer', async () => {
    const { engine, ask } = await ensure(unreachable, { ...plainUser, uid: 0 });
    expect(ask).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('docker.io'));
    expect('reason' in engine && engine.reason).toContain('declined');
  });

  it('sets nothing up when the look for an engine itself breaks', async () => {
    const { engine, readFacts } = await ensure('TypeError: oops');
    expect(engine).toMatchObject({ status: 'none' });
    expect(readFacts).not.toHaveBeenCalled();
  });
});
