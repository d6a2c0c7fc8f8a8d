import path from 'node:path';

/** What decides which folders are nobody's project. */
export interface FolderFacts {
  /** Canonical path of the user's home folder. */
  readonly homeFolder: string;
  readonly platform: NodeJS.Platform;
}

type System = 'linux' | 'darwin' | 'win32';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Refused with all that lies below them. On Windows relative to the drive. */
const systemTrees: Readonly<Record<System, readonly string[]>> = {
  linux: words(`
    /bin /boot /dev /etc /lib /lib32 /lib64 /libx32 /proc /run /sbin /sys /usr /nix /gnu /snap /lost+found
    /var/backups /var/cache /var/db /var/lib /var/lock /var/log /var/mail /var/run /var/spool
  `),
  darwin: words(`
    /bin /sbin /usr /dev /etc /cores /System /Library /Applications /Network /opt/homebrew
    /private/etc /private/var/db /private/var/log /private/var/root /private/var/vm
  `),
  win32: [
    'Windows',
    'Program Files',
    'Program Files (x86)',
    'ProgramData',
    '$Recycle.Bin',
    'System Volume Information',
  ],
};

/** Refused themselves; what lies below them may be a project. */
const sharedFolders: Readonly<Record<System, readonly string[]>> = {
  linux: words('/home /media /mnt /opt /root /srv /tmp /var /var/tmp /var/home'),
  darwin: words(`
    /Users /Users/Shared /Volumes /opt /private /private/tmp /private/var /private/var/folders /tmp /var
  `),
  win32: ['Users', 'Users\\Public'],
};

/** Where Linux desktops mount a user's own disks, inside a tree that is otherwise the system's. */
const userDisks = '/run/media';

/**
 * Why a folder can't be a project: `/`, the home folder and what holds it, and the system's own folders.
 * @param folder canonical path
 * @returns the reason, to follow "can't be a project:", or null
 */
export function refusalOf(folder: string, facts: FolderFacts): string | null {
  const isWindows = facts.platform === 'win32';
  const system = isWindows ? 'win32' : facts.platform === 'darwin' ? 'darwin' : 'linux';
  const paths = isWindows ? path.win32 : path.posix;
  // These file systems hold `/users` and `/Users` to be one.
  const fold = (text: string): string => (system === 'linux' ? text : text.toLowerCase());
  const { root } = paths.parse(folder);
  if (paths.resolve(folder) === root || folder === '') return 'it is the root of the file system';
  const isBelow = (inner: string, outer: string): boolean =>
    fold(inner).startsWith(fold(outer.endsWith(paths.sep) ? outer : `${outer}${paths.sep}`));
  const isSame = (one: string, other: string): boolean => fold(one) === fold(other);
  if (isSame(folder, facts.homeFolder)) return 'it is your home folder, with everything in it';
  if (isBelow(facts.homeFolder, folder)) return 'your home folder lies in it';
  // A home inside a system tree (root's on some systems) is still a home.
  if (isBelow(folder, facts.homeFolder)) return null;
  const toFull = (name: string): string => (isWindows ? paths.join(root, name) : name);
  if (sharedFolders[system].some((name) => isSame(folder, toFull(name)))) return 'it is shared by the whole system';
  if (system === 'linux' && isBelow(folder, userDisks) && folder.split('/').length > 4) return null;
  const tree = systemTrees[system].map(toFull).find((name) => isSame(folder, name) || isBelow(folder, name));
  return tree === undefined ? null : `it belongs to the system (${tree})`;
}
