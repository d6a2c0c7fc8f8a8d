/**
 * Every failure that a person can meet, by stable code. The words live here and nowhere else: what happened, and what
 * to do next. Codes never change their meaning; words may.
 */

/** One thing wrong with a config file. Lines and columns count from 1; 0 where the file as a whole is meant. */
export interface ConfigProblem {
  readonly line: number;
  readonly column: number;
  /** Dotted key, for example `network.mtu`; empty for the file as a whole. */
  readonly key: string;
  readonly found: string;
  readonly allowed: string;
}

/** What each code needs in order to be told. All values are plain JSON, so that a failure crosses any process border. */
export interface FailureParams {
  'invalid-command': { readonly issues: string };
  'project-unknown': { readonly wanted: string };
  'folder-not-found': { readonly folder: string };
  'folder-not-directory': { readonly folder: string };
  'folder-refused': { readonly folder: string; readonly reason: string };
  'folder-is-symlink': { readonly folder: string; readonly target: string };
  'folder-not-writable': { readonly folder: string };
  'folder-unreadable': { readonly folder: string; readonly reason: string };
  'config-missing': { readonly file: string };
  'config-exists': { readonly file: string };
  'config-invalid': { readonly file: string; readonly problems: readonly ConfigProblem[] };
  'config-symlink': { readonly path: string };
  'not-trusted': { readonly folder: string };
  'trust-changed': { readonly folder: string };
  'engine-unreachable': { readonly tried: readonly string[] };
  'engine-permission': { readonly socket: string };
  'engine-remote': { readonly endpoint: string };
  'context-unreadable': { readonly context: string };
  'engine-too-old': { readonly apiVersion: string; readonly needed: string };
  'engine-failed': { readonly action: string; readonly status: number; readonly reason: string };
  'image-missing': { readonly image: string; readonly reason: string; readonly localImages: readonly string[] };
  'registry-refused': {
    readonly image: string;
    readonly registry: string;
    readonly reason: string;
    /** Docker's own config has a login for it, which was used. */
    readonly hasLogin: boolean;
    /** Why the login that should be there could not be read; empty where nothing went wrong. */
    readonly loginReason: string;
  };
  /** `holder`: in words, for example `node (process 4711)`; empty where it can't be told. */
  'port-taken': { readonly port: number; readonly holder: string };
  'image-build-failed': { readonly image: string; readonly reason: string };
  'image-unsuitable': { readonly image: string; readonly missing: string };
  'container-exited': { readonly container: string; readonly exitCode: number; readonly logTail: string };
  'container-not-running': { readonly folder: string };
  'container-exists': { readonly folder: string; readonly container: string };
  'container-paused': { readonly container: string };
  /** `exitCode` is null where the engine or the container went away. */
  'setup-failed': { readonly command: string; readonly exitCode: number | null; readonly tail: string };
  'name-taken': {
    readonly name: string;
    readonly holderId: string;
    readonly holderImage: string;
    readonly holderState: string;
    readonly adoptable: boolean;
  };
  'nothing-to-adopt': { readonly folder: string };
  'not-ours': { readonly what: string; readonly id: string };
  'network-failed': { readonly network: string; readonly reason: string };
  'disk-full': { readonly action: string; readonly reason: string };
  cancelled: { readonly action: string };
  'operation-unknown': { readonly operationId: string };
  'not-cancellable': { readonly action: string };
  'queue-full': { readonly folder: string; readonly waiting: number };
  'project-busy': { readonly folder: string; readonly operation: string };
  'session-failed': { readonly reason: string };
  'session-unknown': { readonly wanted: string };
  'vault-retry-later': { readonly seconds: number };
  'vault-not-unlocked': { readonly folder: string };
  /** Its files are in the container, but the key is not here. */
  'vault-key-missing': { readonly folder: string };
  'passphrase-needed': { readonly folder: string };
  'passphrase-unchanged': { readonly folder: string };
  'remember-refused': { readonly reason: string };
  /** One text per process, for example `bash (process 42)`. */
  'vault-held-open': { readonly holders: readonly string[] };
  'vault-conflict': { readonly copy: string };
  'vault-tools-missing': { readonly image: string; readonly missing: readonly string[] };
  'vault-mount-failed': { readonly reason: string };
  'vault-not-emptied': { readonly reason: string };
  /** `since`: an ISO 8601 time. */
  'vault-lost': { readonly folder: string; readonly since: string };
  'state-file-damaged': { readonly file: string; readonly reason: string };
  'state-write-failed': { readonly file: string; readonly reason: string };
  'config-not-changed': { readonly file: string; readonly key: string; readonly value: string };
  /** The config builds its own image: another name would only rename what is built. */
  'image-is-built': { readonly file: string; readonly dockerfile: string };
  'file-exists': { readonly file: string };
  'file-write-failed': { readonly file: string; readonly reason: string };
  'vault-missing': { readonly folder: string };
  'vault-exists': { readonly folder: string };
  /** A wrong passphrase and a damaged file alike. `triesLeft` before a wait; null where no one typed a passphrase. */
  'vault-unreadable': { readonly folder: string; readonly triesLeft: number | null };
  'vault-archive-refused': { readonly folder: string; readonly member: string; readonly reason: string };
  'vault-pack-failed': { readonly folder: string; readonly reason: string };
  'vault-member-unsavable': { readonly folder: string; readonly member: string; readonly reason: string };
  'vault-shrunk': {
    readonly folder: string;
    readonly filesBefore: number;
    readonly files: number;
    readonly bytesBefore: number;
    readonly bytes: number;
  };
  'vault-write-failed': {
    readonly folder: string;
    readonly step: string;
    readonly reason: string;
    readonly isOldKept: boolean;
  };
  'vault-folder-changed': { readonly folder: string; readonly reason: string };
  'sync-endpoint-refused': { readonly endpoint: string; readonly reason: string };
  /** `remote`: bucket or path, never credentials. */
  'sync-unreachable': { readonly remote: string; readonly reason: string };
  /** `profile`: empty for the default one. */
  'sync-credentials': { readonly remote: string; readonly profile: string; readonly reason: string };
  /** The same, where a login would give them: the profile has SSO settings. */
  'sync-login-needed': { readonly remote: string; readonly profile: string; readonly reason: string };
  'sync-refused': { readonly remote: string; readonly action: string; readonly reason: string };
  'sync-bucket-missing': { readonly bucket: string; readonly endpoint: string };
  'sync-bucket-taken': { readonly bucket: string; readonly endpoint: string };
  'sync-folder-missing': { readonly folder: string };
  /** `project`: the registered folder that it lies in. */
  'sync-folder-inside': { readonly folder: string; readonly project: string };
  'sync-remote-failed': {
    readonly remote: string;
    readonly action: string;
    readonly status: number;
    readonly reason: string;
  };
  'sync-copy-damaged': { readonly remote: string; readonly name: string };
  'sync-no-remote': { readonly folder: string };
  'sync-conflict': { readonly folder: string; readonly remote: string };
  'sync-behind': { readonly folder: string; readonly remote: string };
  'sync-not-adopted': { readonly folder: string; readonly remote: string };
  'sync-other-vault': { readonly folder: string; readonly remote: string };
  'sync-raced': { readonly remote: string };
  /** The vault's files are in the container, so its file can't be replaced. */
  'vault-open': { readonly folder: string };
  'version-unknown': { readonly remote: string; readonly name: string };
  'login-needless': { readonly folder: string };
  'login-not-configured': { readonly profile: string };
  'login-denied': { readonly startUrl: string };
  'login-expired': { readonly startUrl: string };
  'login-refused': { readonly startUrl: string; readonly reason: string };
  'login-unreachable': { readonly startUrl: string; readonly region: string; readonly reason: string };
  'login-page-refused': { readonly page: string };
  'runtime-folder-unusable': { readonly folder: string; readonly reason: string };
  'socket-path-too-long': { readonly path: string; readonly maxBytes: number };
  'host-full': { readonly what: string; readonly limit: number };
  'host-stopping': { readonly reason: string };
  'host-start-failed': { readonly reason: string; readonly logFile: string };
  'host-lost': { readonly reason: string };
  'protocol-mismatch': { readonly found: number; readonly needed: number };
  internal: { readonly reason: string };
}

export type ErrorCode = keyof FailureParams;

/** A failure as a client shows it. `details` is folded away in a window and left out of one-line output. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly nextStep: string;
  readonly details?: string;
}

interface Words {
  readonly message: string;
  readonly nextStep: string;
  readonly details?: string;
}

const list = (items: readonly string[]): string => (items.length === 0 ? 'none' : items.join(', '));

function toRetry(triesLeft: number | null): string {
  if (triesLeft === null) return 'Type the passphrase again.';
  if (triesLeft === 0) return 'Wait a moment before the next try.';
  return `Type it again; ${triesLeft} ${triesLeft === 1 ? 'try is' : 'tries are'} left before a wait.`;
}

/** A name that others chose, as a text in one line. */
const quote = (name: string): string => JSON.stringify(name);
const ofProfile = (profile: string): string => (profile === '' ? '' : ` (profile ${quote(profile)})`);
const inMember = (member: string): string => (member === '' ? '' : ` (${quote(member)})`);

/** One config problem as `file:line:column: key: found X; allowed: Y`, the form editors turn into a link. */
export function formatConfigProblem(file: string, problem: ConfigProblem): string {
  const at = problem.line > 0 ? `${file}:${problem.line}:${problem.column}` : file;
  const key = problem.key === '' ? '' : `${problem.key}: `;
  return `${at}: ${key}found ${problem.found}; allowed: ${problem.allowed}`;
}

const words: { readonly [Code in ErrorCode]: (params: FailureParams[Code]) => Words } = {
  'invalid-command': ({ issues }) => ({
    message: `The command is not valid: ${issues}.`,
    nextStep: 'Correct it and send it again. If the app itself sent it, please report this.',
  }),
  'project-unknown': ({ wanted }) => ({
    message: `No project is registered for ${wanted}.`,
    nextStep: 'Run "tazpod init" in the folder, or "tazpod list" to see the registered ones.',
  }),
  'folder-not-found': ({ folder }) => ({
    message: `The folder ${folder} does not exist.`,
    nextStep: 'If it was moved, register the new place; "tazpod forget" removes the old entry.',
  }),
  'folder-not-directory': ({ folder }) => ({
    message: `${folder} is not a folder.`,
    nextStep: 'Name the project folder that holds it.',
  }),
  'folder-refused': ({ folder, reason }) => ({
    message: `${folder} can't be a project: ${reason}.`,
    nextStep: 'Choose a folder of your own below your home or a data disk.',
  }),
  'folder-is-symlink': ({ folder, target }) => ({
    message: `${folder} is a symbolic link to ${target}.`,
    nextStep: `If that is the folder you mean, name it directly: ${target}`,
  }),
  'folder-not-writable': ({ folder }) => ({
    message: `You have no permission to write in ${folder}.`,
    nextStep: 'Change its owner or mode, or choose another folder.',
  }),
  'folder-unreadable': ({ folder, reason }) => ({
    message: `${folder} can't be read: ${reason}.`,
    nextStep: 'Check its owner, its mode and that its disk is mounted.',
  }),
  'config-missing': ({ file }) => ({
    message: `There is no ${file}.`,
    nextStep: 'Run "tazpod init" in the folder to write one.',
  }),
  'config-exists': ({ file }) => ({
    message: `${file} exists already and is never overwritten.`,
    nextStep: 'Edit it, or remove it yourself and run "tazpod init" again.',
  }),
  'config-invalid': ({ file, problems }) => ({
    message: problems.map((problem) => formatConfigProblem(file, problem)).join('\n'),
    nextStep: 'Correct the file and try again.',
  }),
  'config-symlink': ({ path }) => ({
    message: `${path} is a symbolic link or not a regular file; the container could point it anywhere.`,
    nextStep: 'Replace it with a real file or folder.',
  }),
  'not-trusted': ({ folder }) => ({
    message: `${folder} is not trusted yet, so nothing of it was run.`,
    nextStep: 'Look at what it asks for with "tazpod trust", or add --trust in a script.',
  }),
  'trust-changed': ({ folder }) => ({
    message: `What ${folder} asks for changed since it was shown.`,
    nextStep: 'Look at it once more and answer again.',
  }),
  'engine-unreachable': ({ tried }) => ({
    message: 'No Docker engine answers.',
    nextStep: 'Start Docker (or Docker Desktop, Colima, OrbStack, Rancher Desktop, Podman); TazPod goes on by itself.',
    details: `Looked for: ${list(tried)}`,
  }),
  'engine-permission': ({ socket }) => ({
    message: `A Docker engine is there, but you have no permission to use ${socket}.`,
    nextStep: 'Add yourself to the group that owns it ("sudo usermod -aG docker $USER"), then log in again.',
  }),
  'context-unreadable': ({ context }) => ({
    message: `The current Docker context ${context} is not there, or its file can't be read.`,
    nextStep:
      'Choose another one: "docker context ls" lists them, "docker context use default" takes the usual engine.',
  }),
  'engine-remote': ({ endpoint }) => ({
    message: `The engine at ${endpoint} runs on another machine, where your folders are not.`,
    nextStep: 'Choose a local engine: "docker context use default", or unset DOCKER_HOST.',
  }),
  'engine-too-old': ({ apiVersion, needed }) => ({
    message: `The engine speaks API ${apiVersion}; ${needed} or newer is needed.`,
    nextStep: 'Update the engine.',
  }),
  'engine-failed': ({ action, status, reason }) => ({
    message: `The engine refused to ${action}: ${reason}`,
    nextStep: 'Correct what it names, then try again. "tazpod doctor" looks at the usual causes.',
    details: `HTTP status ${status}`,
  }),
  'image-missing': ({ image, reason, localImages }) => ({
    message: `The image ${image} is not on this machine and could not be pulled: ${reason}`,
    nextStep: `Set "image:" to one that is here (${list(localImages)}), or build the base image: "tazpod image build-base".`,
  }),
  'registry-refused': ({ image, registry, reason, hasLogin, loginReason }) => ({
    message:
      loginReason === ''
        ? `The registry ${registry} refused to give ${image}${hasLogin ? " to docker's login for it" : ''}: ${reason}`
        : `The registry ${registry} refused to give ${image}, and docker's login for it could not be read: ${loginReason}.`,
    nextStep: `Check the name of the image, and log in: "docker login ${registry}".`,
    ...(loginReason === '' ? {} : { details: reason }),
  }),
  'port-taken': ({ port, holder }) => ({
    message: `Port ${port} of this machine is taken${holder === '' ? '' : ` by ${holder}`}.`,
    nextStep: `End that, or publish another one in .tazpod/config.yaml, for example "${port === 65_535 ? 8080 : port + 1}:${port}".`,
  }),
  'image-build-failed': ({ image, reason }) => ({
    message: `The image ${image} could not be built: ${reason}`,
    nextStep: 'Correct the build and try again; the full output is in the activity of the project.',
  }),
  'image-unsuitable': ({ image, missing }) => ({
    message: `The image ${image} has no ${missing}, which a project container needs.`,
    nextStep: 'Choose an image with a shell, or build the base image: "tazpod image build-base".',
  }),
  'container-exited': ({ container, exitCode, logTail }) => ({
    message: `The container ${container} exited at once with code ${exitCode}.`,
    nextStep: 'Its image must leave "sleep infinity" running; look at its entrypoint.',
    details: logTail === '' ? 'It printed nothing.' : logTail,
  }),
  'setup-failed': ({ command, exitCode, tail }) => ({
    message: `The setup command ended ${exitCode === null ? 'with its container or engine' : `with code ${exitCode}`}: ${command.split('\n')[0] ?? ''}`,
    nextStep: 'The container stays up. Correct what it says, then Retry: "tazpod setup".',
    details: tail === '' ? 'It printed nothing.' : tail,
  }),
  'container-not-running': ({ folder }) => ({
    message: `The container of ${folder} is not running.`,
    nextStep: 'Start it first: "tazpod up".',
  }),
  'container-exists': ({ folder, container }) => ({
    message: `${folder} still has its container ${container}.`,
    nextStep: 'Stop and remove it first: "tazpod down".',
  }),
  'container-paused': ({ container }) => ({
    message: `The container ${container} is paused.`,
    nextStep: `Resume it where it was paused: "docker unpause ${container}".`,
  }),
  'name-taken': ({ name, holderId, holderImage, holderState, adoptable }) => ({
    message: `The name ${name} belongs to a container that TazPod did not make (${holderId.slice(0, 12)}, image ${holderImage}, ${holderState}). It was not touched.`,
    nextStep: adoptable
      ? 'It mounts this very folder: "tazpod adopt" takes it over. Or set another "container_name:".'
      : 'Set another "container_name:" in .tazpod/config.yaml.',
  }),
  'nothing-to-adopt': ({ folder }) => ({
    message: `No container of another tool mounts ${folder} at /workspace.`,
    nextStep: 'Start your own: "tazpod up".',
  }),
  'not-ours': ({ what, id }) => ({
    message: `The ${what} ${id.slice(0, 12)} was not made by this installation, so it was not touched.`,
    nextStep: 'Handle it with the tool that made it.',
  }),
  'network-failed': ({ network, reason }) => ({
    message: `The network ${network} could not be made: ${reason}`,
    nextStep: 'Look at "docker network ls"; "docker network prune" frees unused address ranges.',
  }),
  'disk-full': ({ action, reason }) => ({
    message: `There is no space left to ${action}: ${reason}`,
    nextStep: 'Free some ("docker system df" shows what the engine holds), then try again.',
  }),
  cancelled: ({ action }) => ({ message: `${action} was cancelled.`, nextStep: 'Nothing else to do.' }),
  'operation-unknown': ({ operationId }) => ({
    message: `There is no operation ${operationId} under way.`,
    nextStep: 'It may have ended already.',
  }),
  'not-cancellable': ({ action }) => ({
    message: `${action} can't be cancelled safely at this step.`,
    nextStep: 'It ends by itself in a moment.',
  }),
  'queue-full': ({ folder, waiting }) => ({
    message: `${waiting} operations wait for ${folder} already.`,
    nextStep: 'Wait for them, or cancel the one that runs.',
  }),
  'project-busy': ({ folder, operation }) => ({
    message: `${folder} is busy: ${operation}.`,
    nextStep: 'Wait until it has ended, or cancel it.',
  }),
  'session-failed': ({ reason }) => ({
    message: `The session could not be opened: ${reason}`,
    nextStep: 'Try again; "tazpod logs" shows the container\'s own output.',
  }),
  'session-unknown': ({ wanted }) => ({
    message: `There is no open session ${wanted}.`,
    nextStep: 'It may have ended by itself; "tazpod sessions" lists those that are open.',
  }),
  'vault-retry-later': ({ seconds }) => ({
    message: `Too many wrong passphrases: the next try may be made in ${seconds} s.`,
    nextStep: 'Wait, then try again.',
  }),
  'vault-not-unlocked': ({ folder }) => ({
    message: `The vault of ${folder} is not unlocked.`,
    nextStep: 'Unlock it first: "tazpod unlock".',
  }),
  'vault-key-missing': ({ folder }) => ({
    message: `The vault of ${folder} is open in its container, but its key is not here, so it can't be saved.`,
    nextStep: 'Give the passphrase once: "tazpod unlock". Nothing in the vault changes by that.',
  }),
  'passphrase-needed': ({ folder }) => ({
    message: `The vault of ${folder} needs its passphrase: none is kept on this device.`,
    nextStep: 'Type it, or pipe it to "tazpod unlock --passphrase-stdin".',
  }),
  'passphrase-unchanged': ({ folder }) => ({
    message: `The new passphrase of ${folder} is the old one.`,
    nextStep: 'Choose another one.',
  }),
  'remember-refused': ({ reason }) => ({
    message: `The passphrase can't be kept on this device: ${reason}.`,
    nextStep: 'Type it each time, or set up the key store of this desktop.',
  }),
  'vault-held-open': ({ holders }) => ({
    message: `The vault can't be locked while programs have it open: ${list(holders)}.`,
    nextStep: 'Leave the folder in them or close them, or let TazPod end them: "tazpod lock --end-holders".',
  }),
  'vault-conflict': ({ copy }) => ({
    message: `Someone else changed the vault file since it was read. Theirs was kept as ${copy}.`,
    nextStep: 'Compare both and remove the copy you do not need.',
  }),
  'vault-tools-missing': ({ image, missing }) => ({
    message: `The image ${image} has no ${missing.join(', ')}, which a vault needs.`,
    nextStep: 'Install it in the image, or choose one that has it.',
  }),
  'vault-mount-failed': ({ reason }) => ({
    message: `The vault's folder could not be mounted in the container: ${reason}`,
    nextStep: 'Rebuild the container; an adopted one needs SYS_ADMIN.',
  }),
  'vault-not-emptied': ({ reason }) => ({
    message: `The vault was saved, but its files could not all be taken out of the container: ${reason}`,
    nextStep: 'Lock it again, or stop the container: "tazpod down".',
  }),
  'vault-lost': ({ folder, since }) => ({
    message: `The vault of ${folder} went with its container, or another program closed it. What changed in it since ${since} is lost.`,
    nextStep: 'The vault file is as it was saved last; unlock it to go on.',
  }),
  'state-file-damaged': ({ file, reason }) => ({
    message: `${file} can't be read: ${reason}. It was left as it is.`,
    nextStep: 'Restore it from a backup, or move it away to begin with no registered projects.',
  }),
  'state-write-failed': ({ file, reason }) => ({
    message: `${file} could not be written: ${reason}. The one before is unchanged.`,
    nextStep: 'Check free space and permissions, then try again.',
  }),
  'config-not-changed': ({ file, key, value }) => ({
    message: `${file} could not be changed without changing more than ${key}, or somebody else just changed it.`,
    nextStep: `Write it there yourself: ${key}: ${value}`,
  }),
  'image-is-built': ({ file, dockerfile }) => ({
    message: `${file} builds its image from ${dockerfile}; another name would only rename what is built.`,
    nextStep: `Change the FROM line of ${dockerfile}, or remove "build:" from the config first.`,
  }),
  'file-exists': ({ file }) => ({
    message: `${file} exists already and is not overwritten.`,
    nextStep: 'Name another file.',
  }),
  'file-write-failed': ({ file, reason }) => ({
    message: `${file} could not be written: ${reason}`,
    nextStep: 'Name a folder of your own with free space.',
  }),
  'vault-missing': ({ folder }) => ({
    message: `${folder} has no vault.`,
    nextStep: 'Make one with "tazpod unlock --create".',
  }),
  'vault-exists': ({ folder }) => ({
    message: `${folder} has a vault already; it was not touched.`,
    nextStep: 'Unlock it with "tazpod unlock".',
  }),
  'vault-unreadable': ({ folder, triesLeft }) => ({
    message: `The vault of ${folder} can't be opened: wrong passphrase or damaged vault.`,
    nextStep: `${toRetry(triesLeft)} If the passphrase is surely right, restore an earlier version: "tazpod history".`,
  }),
  'vault-archive-refused': ({ folder, member, reason }) => ({
    message: `The vault of ${folder} holds what is not allowed${inMember(member)}: ${reason}. Nothing of it was unpacked.`,
    nextStep: 'Find out who wrote this vault. To go on, restore an earlier version: "tazpod history".',
  }),
  'vault-pack-failed': ({ folder, reason }) => ({
    message: `The files of the vault of ${folder} could not be packed: ${reason}. The vault on disk is unchanged.`,
    nextStep: 'Save again. If it stays so, copy the files to a safe place before you stop the container.',
  }),
  'vault-member-unsavable': ({ folder, member, reason }) => ({
    message: `The vault of ${folder} was not saved because of ${quote(member)}: ${reason}. The vault on disk is unchanged.`,
    nextStep: 'Rename, move or remove it in the container, then save again.',
  }),
  'vault-shrunk': ({ folder, filesBefore, files, bytesBefore, bytes }) => ({
    message: `The vault of ${folder} would shrink from ${filesBefore} files (${bytesBefore} bytes) to ${files} (${bytes} bytes), so it was not saved.`,
    nextStep: 'If that is meant, save it once more and confirm that.',
  }),
  'vault-write-failed': ({ folder, step, reason, isOldKept }) => ({
    message: `The vault of ${folder} could not be saved (${step}): ${reason}. ${
      isOldKept
        ? 'The one before is unchanged.'
        : 'The new one is in its place, but a power cut could still bring the one before back.'
    }`,
    nextStep: 'Check the disk, its free space and permissions, then save again.',
  }),
  'vault-folder-changed': ({ folder, reason }) => ({
    message: `The vault folder of ${folder} changed while it was written: ${reason}.`,
    nextStep: 'Stop the program that changes it, then save again.',
  }),
  'sync-endpoint-refused': ({ endpoint, reason }) => ({
    message: `The endpoint ${endpoint} is not asked for vaults: ${reason}.`,
    nextStep: 'Correct "sync: remote: endpoint:" in .tazpod/config.yaml.',
  }),
  'sync-unreachable': ({ remote, reason }) => ({
    message: `${remote} can't be reached: ${reason}`,
    nextStep: 'Check the network and the address. The vault on this machine is safe; pushing goes on by itself.',
  }),
  'sync-credentials': ({ remote, profile, reason }) => ({
    message: `There are no usable credentials for ${remote}${ofProfile(profile)}: ${reason}`,
    nextStep:
      'Give this machine keys for it, or correct the profile, then push again; docs/sync.md says where they are looked for.',
  }),
  'sync-login-needed': ({ remote, profile, reason }) => ({
    message: `${remote} needs an AWS SSO login${ofProfile(profile)}: ${reason}`,
    nextStep: 'Log in: "tazpod login". The vault on this machine is safe.',
  }),
  'sync-refused': ({ remote, action, reason }) => ({
    message: `${remote} refused to ${action}: ${reason}`,
    nextStep: 'Check the region, the keys and what they may do: read, write, list and remove objects below the prefix.',
  }),
  'sync-bucket-missing': ({ bucket, endpoint }) => ({
    message: `There is no bucket ${quote(bucket)} at ${endpoint}.`,
    nextStep: 'Correct the name in .tazpod/config.yaml, or make it: "tazpod setup-storage".',
  }),
  'sync-folder-inside': ({ folder, project }) => ({
    message: `The folder for vault copies ${folder} lies in the project ${project}, where a container could lead it elsewhere.`,
    nextStep: 'Name one outside of every project in "sync: remote: path:".',
  }),
  'sync-bucket-taken': ({ bucket, endpoint }) => ({
    message: `The bucket name ${quote(bucket)} is taken by somebody else at ${endpoint}.`,
    nextStep: 'Choose another name in .tazpod/config.yaml; bucket names are shared by all.',
  }),
  'sync-folder-missing': ({ folder }) => ({
    message: `The folder for vault copies ${folder} is not there.`,
    nextStep: 'Mount its disk, or make it: "tazpod setup-storage". Then push again.',
  }),
  'sync-remote-failed': ({ remote, action, status, reason }) => ({
    message: `${remote} failed to ${action}: ${reason}`,
    nextStep: 'Try again later; if it stays so, look at the log of the service.',
    details: `HTTP status ${status}`,
  }),
  'sync-copy-damaged': ({ remote, name }) => ({
    message: `The copy ${quote(name)} at ${remote} does not hold what was written to it. It was not used.`,
    nextStep: 'Push again, or restore another version.',
  }),
  'sync-no-remote': ({ folder }) => ({
    message: `The config of ${folder} names no place to push the vault to.`,
    nextStep: 'Name one in .tazpod/config.yaml under "sync: remote:"; docs/sync.md has examples.',
  }),
  'sync-conflict': ({ folder, remote }) => ({
    message: `The vault of ${folder} changed here and at ${remote}. Both versions are kept, and nothing was replaced.`,
    nextStep: 'Choose one: "tazpod push --mine" or "tazpod pull --theirs". The other one stays in the history.',
  }),
  'sync-behind': ({ folder, remote }) => ({
    message: `${remote} has a newer vault of ${folder}.`,
    nextStep: 'Take it: "tazpod pull".',
  }),
  'sync-not-adopted': ({ folder, remote }) => ({
    message: `The vault at ${remote} does not say whose it is, so nothing was pushed over it.`,
    nextStep: `If it is the vault of ${folder}, say so once: "tazpod sync adopt".`,
  }),
  'sync-other-vault': ({ folder, remote }) => ({
    message: `${remote} holds another vault than the one of ${folder}. Nothing was replaced.`,
    nextStep: 'Give this project a place of its own: "sync: prefix:" in .tazpod/config.yaml.',
  }),
  'sync-raced': ({ remote }) => ({
    message: `${remote} or the vault here changed meanwhile. Nothing was replaced.`,
    nextStep: 'Look at both once more, then choose again.',
  }),
  'vault-open': ({ folder }) => ({
    message: `The vault of ${folder} is unlocked, so another version can't take its place.`,
    nextStep: 'Lock it first: "tazpod lock".',
  }),
  'version-unknown': ({ remote, name }) => ({
    message: `${remote} has no version ${quote(name)}.`,
    nextStep: 'List its versions and choose one of them.',
  }),
  'login-needless': ({ folder }) => ({
    message: `The vault of ${folder} is not pushed to an S3 bucket, so there is nothing to log in to.`,
    nextStep: 'Nothing else to do. docs/sync.md shows how to name a bucket.',
  }),
  'login-not-configured': ({ profile }) => ({
    message: `The AWS profile ${quote(profile)} of this machine has no SSO settings to log in with.`,
    nextStep: `Set them up once: "aws configure sso --profile ${profile}", or write them as docs/sync.md shows.`,
  }),
  'login-denied': ({ startUrl }) => ({
    message: `The login at ${startUrl} was denied there.`,
    nextStep: 'If that was not meant, log in again and allow it: "tazpod login".',
  }),
  'login-expired': ({ startUrl }) => ({
    message: `Nobody confirmed the login at ${startUrl} in time.`,
    nextStep: 'Log in again: "tazpod login".',
  }),
  'login-refused': ({ startUrl, reason }) => ({
    message: `AWS refused to begin or end the login at ${startUrl}: ${reason}`,
    nextStep: 'Check sso_start_url, sso_region and the scopes in ~/.aws/config, then log in again.',
  }),
  'login-unreachable': ({ startUrl, region, reason }) => ({
    message: `The login service of ${startUrl} (${region}) can't be reached: ${reason}`,
    nextStep: 'Check the network and sso_region in ~/.aws/config, then log in again: "tazpod login".',
  }),
  'login-page-refused': ({ page }) => ({
    message: `The login service named a page that is not opened: ${quote(page)}. Only https pages are.`,
    nextStep: 'Check sso_start_url and sso_region in ~/.aws/config; nothing was logged in.',
  }),
  'runtime-folder-unusable': ({ folder, reason }) => ({
    message: `The runtime folder ${folder} can't be used: ${reason}.`,
    nextStep: 'Set XDG_RUNTIME_DIR to a folder of your own with mode 0700.',
  }),
  'socket-path-too-long': ({ path, maxBytes }) => ({
    message: `The socket path ${path} is longer than the ${maxBytes} bytes a socket may have.`,
    nextStep: 'Set XDG_RUNTIME_DIR to a shorter path.',
  }),
  'host-full': ({ what, limit }) => ({
    message: `TazPod's host process has ${limit} ${what} already, which is its limit.`,
    nextStep: 'Close some of them, then try again.',
  }),
  'host-stopping': ({ reason }) => ({
    message: `TazPod's host process is stopping: ${reason}.`,
    nextStep: 'Try again in a moment.',
  }),
  'host-start-failed': ({ reason, logFile }) => ({
    message: `TazPod's host process could not be started: ${reason}`,
    nextStep: `Its log says more: ${logFile}`,
  }),
  'host-lost': ({ reason }) => ({
    message: `The connection to TazPod's host process was lost: ${reason}.`,
    nextStep: 'Run the command again: it goes on from the state the engine is in.',
  }),
  'protocol-mismatch': ({ found, needed }) => ({
    message: `The running host process speaks protocol ${found}; this version needs ${needed}.`,
    nextStep: 'Run "tazpod quit" (or quit the app) once, then try again.',
  }),
  internal: ({ reason }) => ({
    message: `Something in TazPod itself went wrong: ${reason}`,
    nextStep: 'Please report this with the log.',
  }),
};

/**
 * Puts a failure into words.
 * @param code the stable code
 * @param params what the code's words need
 */
export function toFailure<Code extends ErrorCode>(code: Code, params: FailureParams[Code]): Failure {
  return { code, ...words[code](params) };
}

/** All codes, for tests, docs and run-time checks. */
export const errorCodes = Object.keys(words) as readonly ErrorCode[];

/** Exit code of the command line for a failure: 1 failed, 2 usage, 3 needs a decision, 4 no engine. */
export function toExitCode(code: ErrorCode): 1 | 2 | 3 | 4 {
  switch (code) {
    case 'invalid-command':
      return 2;
    case 'not-trusted':
    case 'trust-changed':
    case 'vault-conflict':
    case 'vault-held-open':
    case 'vault-key-missing':
    case 'passphrase-needed':
    case 'vault-missing':
    case 'vault-shrunk':
    case 'sync-conflict':
    case 'sync-behind':
    case 'sync-not-adopted':
    case 'sync-other-vault':
    case 'vault-open':
      return 3;
    case 'engine-unreachable':
    case 'engine-permission':
    case 'engine-remote':
    case 'context-unreadable':
    case 'engine-too-old':
      return 4;
    default:
      return 1;
  }
}
