import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import type { Command } from '../../../preload/contract/commands.ts';
import type { VaultState } from '../../../preload/contract/vault.ts';
import { runInContainer } from '../docker/exec.ts';
import { baseConfig, type EngineFixture, type Outcome } from './engine-fixture.ts';

export const passphrase = 'a long enough passphrase';
/** Where an unlocked vault is, inside. */
export const secrets = '/home/tazpod/secrets';

/** A project of a fixture, with what tests of vaults ask of it. */
export interface VaultProject {
  readonly projectId: string;
  readonly folder: string;
  run(command: Partial<Command> & { readonly type: Command['type'] }): Promise<Outcome>;
  vault(): VaultState;
  containerId(): string;
  /** As the project's user: exit code, then what was printed. */
  inside(script: string): Promise<string>;
  as(user: string, script: string): Promise<string>;
  /** The vault file's bytes. */
  file(): Promise<Buffer>;
}

export function toVaultProject(fixture: EngineFixture, projectId: string, folder: string): VaultProject {
  const containerId = (): string => {
    const { container } = fixture.project(projectId);
    if (container.status === 'missing') throw new Error('no container');
    return container.id;
  };
  return {
    projectId,
    folder,
    run: async (command) => fixture.run({ projectId, ...command } as Command),
    vault: () => fixture.project(projectId).vault,
    containerId,
    inside: async (script) => fixture.inside(projectId, script),
    as: async (user, script) => {
      const ended = await runInContainer(fixture.client, containerId(), ['/bin/sh', '-c', script], user);
      return `${ended.exitCode} ${ended.output}`.trim();
    },
    file: async () => readFile(path.join(folder, '.tazpod', 'vault', 'vault.tar.aes')),
  };
}

/** A running project with a vault that was just made. */
export async function openUnlocked(fixture: EngineFixture, name: string, config = baseConfig): Promise<VaultProject> {
  const folder = await fixture.folder(name, config);
  const project = toVaultProject(fixture, await fixture.trusted(folder), folder);
  expect(await project.run({ type: 'startProject' })).toMatchObject({ ok: true });
  expect(await project.run({ type: 'unlockVault', passphrase, create: true })).toMatchObject({ ok: true });
  return project;
}

/** The failure's code; `done` where there is none. */
export const codeOf = (outcome: Outcome): string => (outcome.ok ? 'done' : outcome.failure.code);
