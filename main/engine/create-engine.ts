import { toFailure } from '../../preload/contract/errors.ts';
import type { CommandAnswer, Result } from '../../preload/contract/parse.ts';
import type { HostState } from '../../preload/contract/snapshot.ts';
import { whenReady, type Core } from './core.ts';
import { connectEngine } from './docker/connection.ts';
import { hostFacts } from './docker/endpoint.ts';
import { measureHostMtu } from './docker/host-mtu.ts';
import { createNetworks } from './docker/network.ts';
import type { Engine, Session } from './engine.ts';
import { execute } from './execute.ts';
import { failureOf, reasonOf } from './failure.ts';
import { watchExits } from './exits.ts';
import { createOperationQueue } from './operations/queue.ts';
import type { EnginePorts } from './ports.ts';
import { openRegistry } from './project/registry.ts';
import { attempt, loadProjects } from './projects.ts';
import { createSessions } from './sessions.ts';
import { createStore } from './state/store.ts';
import { createVaults } from './vaults/memory.ts';
import { showRemembered } from './operations/remember-passphrase.ts';
import { handOverVaults, takeOverVaults } from './vaults/handover.ts';
import { lockAll } from './vaults/lock-all.ts';
import { openVaultRecords } from './vaults/records.ts';
import { showFiles } from './vaults/show.ts';
import { watchVaults } from './vaults/watch.ts';
import { openSetupRecords } from './inside/setup-records.ts';
import { createSyncs } from './syncs/syncs.ts';
import { createVaultDoor } from './syncs/vault-door.ts';
import { openSessionRecords } from './terminal/session-records.ts';

/**
 * Puts the engine core together: registry, store, the connection to the engine, one queue per project.
 * @throws state-file-damaged where the registry can't be read
 */
export async function createEngine(ports: EnginePorts): Promise<Engine> {
  const registry = await openRegistry(ports.stateFolder, { nowMs: ports.nowMs });
  const store = createStore(toHostState(ports, registry.installId));
  const closing = new AbortController();
  // The engine answers while the folders are read.
  const connection = connectEngine(store, { ...hostFacts(ports.environment), homeFolder: ports.homeFolder }, ports.log);
  try {
    store.dispatch({ type: 'hostMtuMeasured', mtu: await measureHostMtu() });
    await loadProjects({ store, ports, registry });
  } catch (error) {
    connection.close();
    throw error;
  }
  const vaults = createVaults(ports.nowMs);
  const core: Core = {
    ports,
    store,
    registry,
    connection,
    networks: createNetworks(store),
    queue: createOperationQueue(store, ports.nowMs, ports.log),
    provenImages: new Set(),
    sessionRecords: openSessionRecords(ports.stateFolder),
    setupRecords: await openSetupRecords(ports.stateFolder, ports.log),
    vaults,
    vaultRecords: await openVaultRecords(ports.stateFolder, ports.log),
    syncs: createSyncs({ store, ports, registry, vaults }, { door: createVaultDoor(() => core) }),
    prepared: new Map(),
    openSessions: new Map(),
    claimedNames: new Map(),
    closing: closing.signal,
  };
  await showFiles(core);
  takeOverVaults(core, ports.handedOverVaults ?? []);
  const sessions = createSessions(core, core.sessionRecords);
  const stopWatching = [watchExits(core), watchVaults(core)];
  core.syncs.watch();
  // Not waited for: a key store may have to be opened by its owner first.
  void attempt(core, 'key store', async () => showRemembered(core));
  void attempt(core, 'sessions left behind', async () => sessions.endOrphans());
  void attempt(core, 'networks left behind', async () => core.networks.tidy(await whenReady(core)));
  let draining = false;

  return {
    snapshot: () => store.state().snapshot,
    subscribe: (listener) => store.subscribe(listener),
    execute: async (command): Promise<CommandAnswer> => {
      // A setup command may never end by itself: it can still be cancelled.
      if (draining && command.type !== 'cancelOperation') {
        return { accepted: false, failure: toFailure('host-stopping', { reason: 'it is handing over' }) };
      }
      return execute(core, command);
    },
    openSession: async (request, sink): Promise<Result<Session>> => {
      if (draining) return { ok: false, failure: toFailure('host-stopping', { reason: 'it is handing over' }) };
      try {
        return { ok: true, value: await sessions.open(request, sink) };
      } catch (error) {
        ports.log(`session: ${reasonOf(error)}`);
        return { ok: false, failure: failureOf(error) };
      }
    },
    lockVaults: async (projectIds) => lockAll(core, projectIds),
    woke: () => core.syncs.woke(),
    drain: async () => {
      draining = true;
      core.syncs.endLogins();
      await core.queue.idle();
      await core.syncs.stop();
    },
    handOverVaults: async () => handOverVaults(core),
    close: async () => {
      draining = true;
      await core.syncs.stop();
      closing.abort();
      await sessions.close();
      for (const stop of stopWatching) stop();
      core.vaults.close();
      core.connection.close();
    },
  };
}

function toHostState(ports: EnginePorts, installId: string): HostState {
  return {
    kind: ports.kind,
    version: ports.version,
    runtime: `Node ${process.versions.node}`,
    processId: process.pid,
    installId,
    startedAtMs: ports.nowMs(),
  };
}
