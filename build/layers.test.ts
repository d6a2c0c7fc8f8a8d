import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The import rules of .oxlintrc.json, tried on files that break them, in a folder with a copy of it. */
const project = path.resolve(import.meta.dirname, '..');

const contract = 'The contract imports nothing';
const renderer = 'The renderer knows the contract';
const cli = 'The command line is a client';
const core = 'The engine core knows neither';
const client = 'Only main/engine/docker/client.ts';
const sdk = 'import the AWS SDK';
const siblings = 'do not import each other';
const folder = 'The project folder knows';
const host = 'The host process runs without Electron';
const desktop = 'The desktop speaks to the engine core';

/** File, what it imports, and the rule that refuses it. */
const refused: readonly (readonly [file: string, from: string, help: string])[] = [
  ['preload/contract/a.ts', 'node:fs', contract],
  ['preload/contract/b.ts', 'electron', contract],
  ['preload/contract/c.ts', '../bridge.ts', contract],
  ['preload/contract/deep/d.ts', '../../../main/engine/engine.ts', contract],
  ['renderer/a.ts', 'node:path', renderer],
  ['renderer/b.ts', 'electron', renderer],
  ['renderer/deep/c.ts', '../../main/engine/engine.ts', renderer],
  ['main/cli.ts', 'electron', cli],
  ['main/cli/a.ts', 'dockerode', cli],
  ['main/cli/b.ts', '../engine/docker/client.ts', cli],
  ['main/cli/c.ts', '../engine/vault/vault.ts', cli],
  ['main/cli/d.ts', '../engine/sync/loop.ts', cli],
  ['main/cli/deep/e.ts', '../../engine/terminal/wrapper.ts', cli],
  ['main/cli/f.ts', '../desktop/tray.ts', cli],
  ['main/host/a.ts', 'electron', host],
  ['main/host/b.ts', 'dockerode', host],
  ['main/host/c.ts', '../desktop/tray.ts', host],
  ['main/agent.ts', 'electron', host],
  ['main/desktop/a.ts', 'dockerode', desktop],
  ['main/desktop/b.ts', '../cli/run.ts', desktop],
  ['main/engine/a.ts', 'electron', core],
  ['main/engine/b.ts', '../desktop/tray.ts', core],
  ['main/engine/c.ts', '../host/host.ts', core],
  ['main/engine/state/d.ts', '../../cli/run.ts', core],
  ['main/engine/e.ts', 'dockerode', client],
  ['main/engine/operations/f.ts', 'dockerode', client],
  ['main/engine/docker/a.ts', 'dockerode', client],
  ['main/engine/docker/b.ts', 'electron', core],
  ['main/engine/docker/c.ts', '../../host/host.ts', core],
  ['main/engine/docker/d.ts', '../terminal/wrapper.ts', siblings],
  ['main/engine/docker/e.ts', '../vault/vault.ts', siblings],
  ['main/engine/docker/f.ts', '../sync/loop.ts', siblings],
  ['main/engine/terminal/a.ts', '../docker/exec.ts', siblings],
  ['main/engine/terminal/b.ts', '../vault/vault.ts', siblings],
  ['main/engine/terminal/c.ts', 'dockerode', core],
  ['main/engine/terminal/d.ts', '../../cli/run.ts', core],
  ['main/engine/project/a.ts', '../docker/labels.ts', folder],
  ['main/engine/project/b.ts', '../terminal/wrapper.ts', folder],
  ['main/engine/project/c.ts', '../vault/vault.ts', folder],
  ['main/engine/project/d.ts', 'dockerode', core],
  ['main/engine/project/e.ts', 'electron', core],
  ['main/engine/g.ts', '@aws-sdk/client-s3', sdk],
  ['main/engine/docker/g.ts', '@aws-sdk/client-s3', sdk],
  ['main/engine/terminal/e.ts', '@aws-sdk/client-s3', sdk],
  ['main/engine/project/g.ts', '@aws-sdk/client-s3', sdk],
  ['main/engine/sync/a.ts', '@aws-sdk/client-s3', sdk],
  ['main/engine/sync/remotes/b.ts', '@aws-sdk/credential-providers', sdk],
  ['main/engine/sync/sso/f.ts', '@aws-sdk/client-sso-oidc', sdk],
  ['main/engine/sync/sso/g.ts', '@smithy/core/config', sdk],
  ['main/engine/syncs/h.ts', '@smithy/core/config', sdk],
  ['main/engine/sync/c.ts', '../vault/store.ts', siblings],
  ['main/engine/sync/remotes/d.ts', '../../docker/exec.ts', siblings],
  ['main/engine/sync/e.ts', 'dockerode', core],
  // A test is no way round.
  ['main/engine/project/f.test.ts', '../docker/labels.ts', folder],
];

const allowed: readonly (readonly [file: string, from: string])[] = [
  ['preload/contract/ok.ts', './other.ts'],
  ['preload/contract/ok2.ts', 'valibot'],
  ['preload/bridge-ok.ts', './contract/index.ts'],
  ['renderer/ok.ts', '../preload/contract/index.ts'],
  ['main/cli/ok.ts', '../../preload/contract/index.ts'],
  ['main/cli/ok2.ts', '../engine/project/config.ts'],
  ['main/cli/ok3.ts', '../host/connect.ts'],
  ['main/host/ok.ts', '../engine/engine.ts'],
  ['main/desktop/ok.ts', '../engine/engine.ts'],
  ['main/desktop/ipc/ok.ts', 'electron'],
  ['main/engine/ok.ts', './docker/exec.ts'],
  ['main/engine/ok2.ts', './terminal/wrapper.ts'],
  ['main/engine/docker/client.ts', 'dockerode'],
  ['main/engine/sync/remotes/s3-client.ts', '@aws-sdk/client-s3'],
  ['main/engine/sync/sso/oidc-client.ts', '@aws-sdk/client-sso-oidc'],
  ['main/engine/sync/sso/aws-config.ts', '@smithy/core/config'],
  ['main/engine/sync/ok.ts', '../project/safe-path.ts'],
  ['main/engine/docker/ok.ts', '../project/config.ts'],
  ['main/engine/terminal/ok.ts', '../../../preload/contract/session.ts'],
  ['main/engine/project/ok.ts', 'node:fs'],
];
const allowedTypes = ['main/engine/types-ok.ts', 'main/engine/docker/types-ok.ts'];

interface Diagnostic {
  readonly code: string;
  readonly help?: string;
  readonly filename: string;
}

let root: string;
let diagnostics: readonly Diagnostic[] = [];

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'tazpod-layers-'));
  copyFileSync(path.join(project, '.oxlintrc.json'), path.join(root, '.oxlintrc.json'));
  for (const [file, from] of [...refused, ...allowed]) {
    write(file, `import * as other from '${from}';\n\nexport const used: unknown = other;\n`);
  }
  for (const file of allowedTypes) {
    write(file, `import type Dockerode from 'dockerode';\n\nexport type Used = Dockerode;\n`);
  }
  write('main/engine/terminal/types.ts', `import type Dockerode from 'dockerode';\n\nexport type Used = Dockerode;\n`);
  write('main/engine/re-export.ts', `export { host } from '../host/host.ts';\n`);
  write('main/host/one.ts', `import { two } from './two.ts';\n\nexport const one = (): unknown => two;\n`);
  write('main/host/two.ts', `import { one } from './one.ts';\n\nexport const two = (): unknown => one;\n`);
  write('main/desktop/listens.ts', `import { ipcMain } from 'electron';\n\nexport const used: unknown = ipcMain;\n`);
  write('main/host/default.ts', `export default 1;\n`);
  write('main/host/console.ts', `console.log('x');\n`);
  write('main/cli/console.ts', `console.log('x');\n`);
  const oxlint = path.join(project, 'node_modules/.bin/oxlint');
  const { stdout, status } = spawnSync(process.execPath, [oxlint, '--format', 'json'], { cwd: root, encoding: 'utf8' });
  expect(status, stdout).toBe(1);
  ({ diagnostics } = JSON.parse(stdout) as { diagnostics: readonly Diagnostic[] });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const found = (file: string, rule: string): readonly (string | undefined)[] =>
  diagnostics.filter(({ filename, code }) => filename === file && code.includes(rule)).map(({ help }) => help);
const restricted = (file: string): readonly (string | undefined)[] => found(file, 'no-restricted-imports');

describe('the layers', () => {
  it.each(refused)('%s may not import %s', (file, _from, help) => {
    expect(restricted(file)).toEqual([expect.stringContaining(help)]);
  });

  it.each(allowed)('%s may import %s', (file) => {
    expect(restricted(file)).toEqual([]);
  });

  it.each(allowedTypes)('%s may name dockerode’s types', (file) => {
    expect(restricted(file)).toEqual([]);
  });

  it('the terminal may not name even those', () => {
    expect(restricted('main/engine/terminal/types.ts')).toEqual([expect.stringContaining(core)]);
  });

  it('only main/desktop/ipc listens to the renderer', () => {
    expect(restricted('main/desktop/listens.ts')).toEqual([expect.stringContaining('checks sender')]);
  });

  it('a re-export is an import', () => {
    expect(restricted('main/engine/re-export.ts')).toEqual([expect.stringContaining(core)]);
  });
});

describe('beside them', () => {
  it('no two files import each other', () => {
    expect(found('main/host/one.ts', 'no-cycle')).toHaveLength(1);
  });

  it('nothing is exported without a name', () => {
    expect(found('main/host/default.ts', 'no-default-export')).toHaveLength(1);
  });

  it('only the command line prints', () => {
    expect(found('main/host/console.ts', 'no-console')).toHaveLength(1);
    expect(found('main/cli/console.ts', 'no-console')).toEqual([]);
  });
});
