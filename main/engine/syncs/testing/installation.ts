import { randomBytes } from 'node:crypto';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from '../../../../preload/contract/commands.ts';
import type { VaultState } from '../../../../preload/contract/vault.ts';
import type { ActivityEntry, ProjectState } from '../../../../preload/contract/snapshot.ts';
import type { Core } from '../../core.ts';
import { appLabelValue, labels } from '../../docker/labels.ts';
import { createOperationQueue, type OperationQueue } from '../../operations/queue.ts';
import { openRegistry } from '../../project/registry.ts';
import { registerFolder, rereadProjects } from '../../projects.ts';
import { createStore, waitForState } from '../../state/store.ts';
import type { VaultKey } from '../../vault/key.ts';
import { openVaultStore, type VaultStore } from '../../vault/store.ts';
import { queueSync, type SyncCommand } from '../commands.ts';
import { createVaults } from '../../vaults/memory.ts';
import { showFile } from '../../vaults/show.ts';
import { createSyncs, type Syncs, type SyncsOptions } from '../syncs.ts';
import { createVaultDoor, type VaultDoor } from '../vault-door.ts';
import { readVault, saveVault, toMember } from './test-vault.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

type WithoutProject<Type> = Type extends Command ? Omit<Type, 'projectId'> : never;

/** An installation of TazPod with one project: everything of the core but the engine, which sync does not need. */
export interface Installation {
  readonly syncs: Syncs;
  readonly queue: OperationQueue;
  readonly clock: FakeClock;
  readonly vault: VaultStore;
  readonly folder: string;
  readonly stateFolder: string;
  readonly projectId: string;
  readonly key: VaultKey;
  project(): ProjectState;
  /** Saves a vault with this content, as an unlocked one would. */
  save(content: string): Promise<void>;
  /** What the vault file holds. */
  content(): Promise<string | null>;
  run(command: WithoutProject<SyncCommand>): Promise<ActivityEntry>;
  /** As if the vault were unlocked in the container: its key is here. */
  unlock(aws?: { readonly credentials?: string; readonly config?: string }): void;
  /** As if it were saved and locked. */
  lock(): void;
  showVault(vault: VaultState): void;
  setUp(isUp: boolean): void;
  writeConfig(text: string): Promise<void>;
  trust(): Promise<void>;
  until(condition: (project: ProjectState) => boolean): Promise<ProjectState>;
}

/**
 * @param root a folder of the test
 * @param config the text of `.tazpod/config.yaml`, without its `image`
 */
export async function openInstallation(
  root: string,
  config: string,
  key: VaultKey,
  options: Partial<SyncsOptions> = {},
): Promise<Installation> {
  const base = path.join(await realpath(root), randomBytes(4).toString('hex'));
  const [folder, stateFolder] = [path.join(base, 'project'), path.join(base, 'state')];
  await mkdir(path.join(folder, '.tazpod'), { recursive: true });
  const clock = createFakeClock();
  const core = await openCore(stateFolder, { clock, ...options });
  const writeConfig = async (text: string): Promise<void> => {
    await writeFile(path.join(folder, '.tazpod/config.yaml'), `image: alpine:3\ncontainer_name: acme\n${text}`);
    await rereadProjects(core);
  };
  await writeConfig(config);
  const projectId = await registerFolder(core, folder);
  const project = (): ProjectState => {
    const found = core.store.state().snapshot.projects.find(({ id }) => id === projectId);
    if (found === undefined) throw new Error('the project is gone');
    return found;
  };
  const vault = await openVaultStore(folder, core.ports);
  const installation: Installation = {
    syncs: core.syncs,
    queue: core.queue,
    clock,
    vault,
    folder,
    stateFolder,
    projectId,
    key,
    project,
    writeConfig,
    save: async (content) => {
      await saveVault(vault, key, content);
      await showFile(core, projectId);
    },
    content: async () => await readVault(vault, key),
    run: async (command) => {
      const operationId = queueSync(core, { ...command, projectId });
      const isEnded = ({ activity }: ProjectState): boolean =>
        activity.some((entry) => entry.operationId === operationId);
      const { activity } = await installation.until(isEnded);
      const entry = activity.findLast((one) => one.operationId === operationId);
      if (entry === undefined) throw new Error('the operation left no trace');
      return entry;
    },
    unlock: (aws = {}) => {
      const version = { fingerprint: '', identity: '', contentHash: '', salt: '', fileCount: 0, totalBytes: 0 };
      const memory = core.vaults.of(projectId, folder);
      memory.open = { key, containerId: '', startedAt: '', base: version };
      memory.aws.keep({ members: Object.entries(aws).map(([name, text]) => toMember(`.aws/${name}`, text)) });
      core.store.dispatch({ type: 'vaultChanged', projectId, vault: { ...project().vault, status: 'unlocked' } });
    },
    lock: () => {
      const memory = core.vaults.of(projectId, folder);
      // The key stays: other installations of the test share it.
      memory.open = null;
      memory.forgetKey();
      core.store.dispatch({ type: 'vaultChanged', projectId, vault: { ...project().vault, status: 'locked' } });
    },
    showVault: (shown) => core.store.dispatch({ type: 'vaultChanged', projectId, vault: shown }),
    setUp: (isUp) =>
      core.store.dispatch({ type: 'containersListed', containers: isUp ? [toContainer(core, projectId)] : [] }),
    trust: async () => {
      const { trust } = project();
      if (trust.status === 'unknown') throw new Error('there is nothing to trust');
      await core.registry.setTrust(projectId, { trustHash: trust.trustHash, grants: trust.grants });
      await rereadProjects(core);
    },
    until: async (condition) => {
      const never = new AbortController().signal;
      await waitForState(core.store, () => condition(project()), never);
      return project();
    },
  };
  await installation.trust();
  core.syncs.watch();
  return installation;
}

const ignore = (): void => undefined;

type SyncCore = Pick<Core, 'store' | 'ports' | 'registry' | 'vaults' | 'queue' | 'syncs'>;

async function openCore(stateFolder: string, options: Partial<SyncsOptions>): Promise<SyncCore> {
  let wallMs = Date.UTC(2026, 0, 2, 3, 4, 5);
  // Each look is a second later, so that no two versions have one name.
  const nowMs = (): number => (wallMs += 1000);
  const ports = {
    kind: 'agent' as const,
    version: '1',
    stateFolder,
    homeFolder: path.dirname(stateFolder),
    environment: {},
    baseImageFolder: '',
    nowMs,
    log: ignore,
    quit: () => undefined,
  };
  const registry = await openRegistry(stateFolder, { nowMs });
  const { installId } = registry;
  const host = { kind: 'agent' as const, version: '1', runtime: 'Node', processId: 1, installId, startedAtMs: 0 };
  const store = createStore(host);
  const vaults = createVaults(nowMs);
  const parts = { store, ports, registry, vaults, queue: createOperationQueue(store, nowMs, ignore) };
  // Without a container no vault is ever saved or locked here, so that the rest of a core is not asked for.
  const door: VaultDoor = {
    ...createVaultDoor(() => core as unknown as Core),
    saveIfUnlocked: () => Promise.resolve(),
  };
  const core = { ...parts, syncs: createSyncs(parts, { door, ...options }) };
  return core;
}

function toContainer({ store }: SyncCore, projectId: string) {
  const { installId } = store.state().host;
  return {
    id: 'c'.repeat(64),
    name: 'acme',
    image: 'alpine:3',
    imageId: null,
    status: 'running' as const,
    exitCode: null,
    startedAtMs: 1,
    createdAtMs: 1,
    workspaceFolder: null,
    networks: [],
    labels: { [labels.app]: appLabelValue, [labels.install]: installId, [labels.project]: projectId },
  };
}
