import * as v from 'valibot';
import { EtagSchema, VersionNameSchema } from './sync.ts';
import { PassphraseSchema } from './vault.ts';

/**
 * All that TazPod can be asked to do. A command is answered with accepted or failed, never with state: what it changed
 * shows in the snapshot. Windows, tray and command line all speak these.
 */

/** 16 lower-case hex digits, derived from the project folder's canonical path. */
export const ProjectIdSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, 'a project id has 16 hex digits'));
const OperationIdSchema = v.pipe(
  v.string(),
  v.regex(/^op-[0-9a-f]{12}$/, 'an operation id looks like op-0123456789ab'),
);
export const SessionIdSchema = v.pipe(
  v.string(),
  v.regex(/^session-[0-9a-f]{12}$/, 'a session id looks like session-0123456789ab'),
);
const FolderSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(4096), v.regex(/^[^\0]*$/u, 'a path holds no NUL'));
const ImageReferenceSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(512));
const HashSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'a hash has 64 hex digits'));
const ContainerIdSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'a container id has 64 hex digits'));
const projectId = ProjectIdSchema;
const force = v.optional(v.boolean());

export const CommandSchema = v.variant('type', [
  /** Remember a folder. Runs nothing of it. */
  v.strictObject({ type: v.literal('registerProject'), folder: FolderSchema }),
  /** Write `.tazpod/config.yaml` where there is none, and register the folder. */
  v.strictObject({
    type: v.literal('initProject'),
    folder: FolderSchema,
    image: v.optional(ImageReferenceSchema),
    containerName: v.optional(v.pipe(v.string(), v.maxLength(63))),
  }),
  /** Drop the entry; refused while its container is there. The folder is not touched. */
  v.strictObject({
    type: v.literal('forgetProject'),
    projectId,
    /** Also remove the volumes with its caches and shell history. */
    caches: v.optional(v.boolean()),
  }),
  /** Read every project's folder and config anew. */
  v.strictObject({ type: v.literal('refreshProjects') }),
  /** Allow exactly the request that was shown, named by its hash. */
  v.strictObject({ type: v.literal('trustProject'), projectId, trustHash: HashSchema }),
  v.strictObject({ type: v.literal('startProject'), projectId }),
  /** Run the config's setup command once more in the running container. */
  v.strictObject({ type: v.literal('retrySetup'), projectId }),
  /** Stop and remove the container, after its vault was saved. `force` goes on though what is unsaved gets lost. */
  v.strictObject({ type: v.literal('stopProject'), projectId, force }),
  v.strictObject({ type: v.literal('restartProject'), projectId, force }),
  /** Remove the container and create it anew from the config. */
  v.strictObject({ type: v.literal('rebuildProject'), projectId, pull: v.optional(v.boolean()), force }),
  /** Write another image into `.tazpod/config.yaml`, all else in it unchanged. The next start asks for trust again. */
  v.strictObject({ type: v.literal('changeImage'), projectId, image: ImageReferenceSchema }),
  /** Take over a container that another tool made for this very folder. */
  v.strictObject({ type: v.literal('adoptContainer'), projectId, containerId: ContainerIdSchema }),
  /** Join the network with the right MTU without recreating the container. */
  v.strictObject({ type: v.literal('reconnectNetwork'), projectId }),
  v.strictObject({ type: v.literal('pullImage'), image: ImageReferenceSchema }),
  v.strictObject({ type: v.literal('buildBaseImage') }),
  v.strictObject({ type: v.literal('cancelOperation'), operationId: OperationIdSchema }),
  /** End an open session and everything that it runs in the container, whoever opened it. */
  v.strictObject({ type: v.literal('endSession'), sessionId: SessionIdSchema }),
  /**
   * Open the vault in the running container, with the passphrase or the remembered one; of a vault that is `mounted`,
   * only give the key. `create` makes a vault where there is none.
   */
  v.strictObject({
    type: v.literal('unlockVault'),
    projectId,
    passphrase: v.optional(PassphraseSchema),
    create: v.optional(v.boolean()),
    /** Keep the passphrase in this device's key store. */
    remember: v.optional(v.boolean()),
  }),
  /**
   * Save, then take the vault's files out of the container. `endHolders` ends the processes that have it open; `force`
   * goes on though what is unsaved gets lost.
   */
  v.strictObject({
    type: v.literal('lockVault'),
    projectId,
    endHolders: v.optional(v.boolean()),
    force,
  }),
  /** `confirm`: also where the vault is empty or has less than half of what it had. */
  v.strictObject({ type: v.literal('saveVault'), projectId, confirm: v.optional(v.boolean()) }),
  v.strictObject({
    type: v.literal('changeVaultPassphrase'),
    projectId,
    passphrase: PassphraseSchema,
    newPassphrase: PassphraseSchema,
  }),
  /** Remove the passphrase from this device's key store. */
  v.strictObject({ type: v.literal('forgetVaultPassphrase'), projectId }),
  /** Look at what an unlocked vault holds and whether that is saved. Asked for by whoever shows it; nothing polls. */
  v.strictObject({ type: v.literal('inspectVault'), projectId }),
  /** Save if unlocked, then push where the remote is what was last seen of it. Also to services that ignore conditions. */
  v.strictObject({ type: v.literal('syncNow'), projectId }),
  /** Only compare both sides: what differs shows as the state's question. Writes nothing anywhere. */
  v.strictObject({ type: v.literal('lookAtRemote'), projectId }),
  /** Take the remote's version, named as it was shown. What is here and was not pushed goes into its history first. */
  v.strictObject({ type: v.literal('pullVault'), projectId, etag: EtagSchema }),
  /** Settle a conflict for the vault of this machine. Theirs, named as it was shown, goes into the history first. */
  v.strictObject({ type: v.literal('keepOwnVault'), projectId, etag: EtagSchema }),
  /** The place, whose versions do not say whose they are, is this vault's. Then sync. */
  v.strictObject({ type: v.literal('adoptRemote'), projectId }),
  v.strictObject({ type: v.literal('listHistory'), projectId }),
  /** Look at names and sizes in a version of the history; with the key of the unlocked vault, or the passphrase. */
  v.strictObject({
    type: v.literal('previewVersion'),
    projectId,
    name: VersionNameSchema,
    passphrase: v.optional(PassphraseSchema),
  }),
  /** Put a version of the history in the vault's place. What is here and was not pushed goes into the history first. */
  v.strictObject({ type: v.literal('restoreVersion'), projectId, name: VersionNameSchema }),
  /**
   * Log the remote's AWS profile in (SSO). Page and code to confirm show as the operation's `login`; nothing opens the page but
   * a person.
   */
  v.strictObject({ type: v.literal('logIn'), projectId }),
  /** Make the bucket or folder that the config names, where it is missing. Asked for by a person, who said yes. */
  v.strictObject({ type: v.literal('setupStorage'), projectId }),
  /**
   * Save and lock all vaults, then end the host process; containers stay up. `force`: also where a vault can't be
   * saved, which then stays open in its container.
   */
  v.strictObject({ type: v.literal('quitHost'), force }),
]);

export type Command = v.InferOutput<typeof CommandSchema>;
export type CommandType = Command['type'];
