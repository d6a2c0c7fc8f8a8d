import type { Command } from '../../../preload/contract/commands.ts';
import type { SyncOperationKind } from '../../../preload/contract/snapshot.ts';
import { maxShownVersions } from '../../../preload/contract/sync.ts';
import { projectCore, type Core } from '../core.ts';
import { TazpodError } from '../failure.ts';
import type { OperationWork } from '../operations/queue.ts';
import { adopt, keepMine, pull, restore, type SyncOutcome } from '../sync/run.ts';
import { toRefusal, toWords } from './outcome.ts';
import { previewVault } from './preview.ts';
import type { ProjectSync } from './project-sync.ts';

/** The commands that sync answers. */
export type SyncCommand = Extract<
  Command,
  {
    type:
      | 'syncNow'
      | 'lookAtRemote'
      | 'pullVault'
      | 'keepOwnVault'
      | 'adoptRemote'
      | 'listHistory'
      | 'previewVersion'
      | 'restoreVersion'
      | 'setupStorage'
      | 'logIn';
  }
>;

const kinds: { readonly [Type in SyncCommand['type']]: SyncOperationKind } = {
  syncNow: 'sync',
  lookAtRemote: 'look-at-remote',
  pullVault: 'pull-vault',
  keepOwnVault: 'keep-own-vault',
  adoptRemote: 'sync',
  listHistory: 'list-history',
  previewVersion: 'preview-version',
  restoreVersion: 'restore-version',
  setupStorage: 'setup-storage',
  logIn: 'log-in',
};

type SyncCore = Pick<Core, 'store' | 'ports' | 'queue' | 'syncs'>;

/** Queues a command beside the project's other operations. @returns the operation's id @throws queue-full */
export function queueSync(core: SyncCore, command: SyncCommand): string {
  const { projectId } = command;
  const { name } = projectCore(core, projectId);
  return core.queue.add({
    projectId,
    lane: 'sync',
    kind: kinds[command.type],
    subject: name,
    choice: choiceOf(command),
    run: async (work) => {
      work.step(command.type === 'logIn' ? 'beginning-login' : 'reaching-remote', true);
      return runCommand(core, command, work);
    },
  });
}

function choiceOf(command: SyncCommand): string {
  if ('etag' in command) return command.etag;
  return 'name' in command ? command.name : command.type;
}

async function runCommand(core: SyncCore, command: SyncCommand, work: OperationWork): Promise<string> {
  const { projectId } = command;
  const sync = core.syncs.of(projectId);
  const { folder } = projectCore(core, projectId);
  const end = (outcome: SyncOutcome): string => {
    const shown = sync.place()?.shown ?? '';
    const refusal = toRefusal(outcome, folder, shown);
    if (refusal !== null && command.type !== 'lookAtRemote') throw new TazpodError(refusal);
    return toWords(outcome, shown);
  };
  switch (command.type) {
    case 'syncNow':
      await core.syncs.door.saveIfUnlocked(projectId);
      return end(await sync.push('person', work.signal));
    case 'adoptRemote':
      await sync.take('adopt', work.signal, async (open) => {
        await adopt(open);
        return null;
      });
      return end(await sync.push('person', work.signal));
    case 'lookAtRemote':
      return end(await sync.push('look', work.signal));
    case 'pullVault':
      await core.syncs.door.close(projectId, work);
      return end(await choose(sync, work, async (open, signal) => await pull(open, command.etag, signal)));
    case 'keepOwnVault':
      await core.syncs.door.saveIfUnlocked(projectId);
      return end(await choose(sync, work, async (open, signal) => await keepMine(open, command.etag, signal)));
    case 'listHistory':
      return await listHistory(core, sync, work);
    case 'previewVersion':
      return await preview(core, sync, command, work);
    case 'setupStorage': {
      const made = await sync.setUpStorage(work.signal);
      return `Made ${made}. "tazpod push" pushes the vault there.`;
    }
    case 'logIn':
      return await logIn(core, sync, work);
    default:
      return await restoreVersion(core, sync, command, work);
  }
}

/** What was not tried again for want of the login is tried now; how this project's remote stands then shows in its state. */
async function logIn(core: SyncCore, sync: ProjectSync, work: OperationWork): Promise<string> {
  const { profile, expiresAtMs } = await sync.logIn(work);
  core.syncs.retryAfterLogin();
  work.step('reaching-remote', true);
  await sync.push('look', work.signal).catch((error: unknown) => {
    // The login stands; `push` has shown why the remote is still not to be had.
    if (!(error instanceof TazpodError)) throw error;
  });
  const until = new Date(expiresAtMs).toISOString().replace(/T(?<time>\d\d:\d\d).*$/u, ' $<time> UTC');
  return `Logged in with the AWS profile ${JSON.stringify(profile)}, until ${until} or as long as AWS renews it.`;
}

async function choose(
  sync: ProjectSync,
  work: OperationWork,
  settle: (...args: Parameters<Parameters<ProjectSync['take']>[2]>) => Promise<SyncOutcome>,
): Promise<SyncOutcome> {
  const outcome = await sync.take('choice', work.signal, settle);
  return outcome ?? { type: 'nothing' };
}

async function listHistory(core: SyncCore, sync: ProjectSync, work: OperationWork): Promise<string> {
  let count = 0;
  await sync.take('list', work.signal, async ({ remote }, signal) => {
    const versions = await remote.listHistory(signal);
    ({ length: count } = versions);
    sync.show({
      history: { listedAtMs: core.ports.nowMs(), versions: versions.slice(0, maxShownVersions), count },
    });
    return null;
  });
  return `Found ${count} ${count === 1 ? 'version' : 'versions'}.`;
}

async function preview(
  core: SyncCore,
  sync: ProjectSync,
  { projectId, name, passphrase }: Extract<SyncCommand, { type: 'previewVersion' }>,
  work: OperationWork,
): Promise<string> {
  await sync.take('preview', work.signal, async ({ folder, remote }, signal) => {
    const vault = await remote.readHistory(name, signal);
    const held = core.syncs.door.keyOf(projectId);
    const look = async (): Promise<void> =>
      sync.show({ preview: await previewVault(folder, name, vault, { held, passphrase }) });
    await (passphrase === undefined ? look() : core.syncs.door.whileTrying(projectId, look));
    return null;
  });
  return `Looked into ${name}.`;
}

async function restoreVersion(
  core: SyncCore,
  sync: ProjectSync,
  { projectId, name }: Extract<SyncCommand, { type: 'restoreVersion' }>,
  work: OperationWork,
): Promise<string> {
  await core.syncs.door.close(projectId, work);
  await sync.take('restore', work.signal, async (open, signal) => {
    await restore(open, name, signal);
    return null;
  });
  return `Restored ${name}. The vault that was here is kept beside it, and the next sync pushes this one.`;
}
