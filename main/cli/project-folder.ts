import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { ProjectState, Snapshot } from '../../preload/contract/snapshot.ts';
import type { Context } from './context.ts';
import { cliFailure } from './failure.ts';

/** The folder a word is about. */
export interface ProjectFolder {
  /** Absolute, as typed; the host process judges it. */
  readonly path: string;
  /** Symbolic links resolved, as far as the path exists: what projects are known by. */
  readonly canonical: string;
  readonly isFolder: boolean;
  /** Whether there is a config of any kind. The host process judges it; this only chooses what to say. */
  readonly hasConfig: boolean;
}

async function canonicalOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await canonicalOf(parent), basename(path));
  }
}

/** The word's folder, or the current one; `typed` where it is not the word's first operand. */
export async function folderOf({ io, invocation }: Context, typed?: string): Promise<ProjectFolder> {
  const path = resolve(io.currentFolder, typed ?? invocation.operands[0] ?? '.');
  const canonical = await canonicalOf(path);
  const stats = await lstat(canonical).catch(() => null);
  const config = await lstat(configFileOf({ canonical })).catch(() => null);
  return { path, canonical, isFolder: stats?.isDirectory() === true, hasConfig: config !== null };
}

/** The registered project of exactly this folder. */
export function findProject(snapshot: Snapshot, folder: ProjectFolder): ProjectState | undefined {
  return snapshot.projects.find((project) => project.folder === folder.canonical);
}

/** As `findProject`; throws `folder-not-found` or `project-unknown`, with the next step that makes sense here. */
export function requireProject(snapshot: Snapshot, folder: ProjectFolder): ProjectState {
  const project = findProject(snapshot, folder);
  if (project !== undefined) return project;
  if (!folder.isFolder) throw cliFailure('folder-not-found', { folder: folder.canonical });
  throw cliFailure('project-unknown', { wanted: folder.canonical }, nextStepFor(snapshot, folder));
}

function nextStepFor(snapshot: Snapshot, folder: ProjectFolder): { readonly nextStep?: string } {
  if (folder.hasConfig) return { nextStep: '"tazpod trust" shows what its config asks for, "tazpod up" starts it.' };
  const parent = snapshot.projects
    .filter((one) => folder.canonical.startsWith(one.folder.endsWith(sep) ? one.folder : `${one.folder}${sep}`))
    .toSorted((a, b) => b.folder.length - a.folder.length)[0];
  return parent === undefined ? {} : { nextStep: `${parent.folder} is registered: name it, or go there first.` };
}

/** A project that was there a moment ago. */
export function projectById(snapshot: Snapshot, projectId: string): ProjectState {
  const project = snapshot.projects.find((one) => one.id === projectId);
  if (project === undefined) throw cliFailure('project-unknown', { wanted: projectId });
  return project;
}

/** Where the folder's config belongs. */
export function configFileOf({ canonical }: Pick<ProjectFolder, 'canonical'>): string {
  return join(canonical, '.tazpod', 'config.yaml');
}

/** A path as a person writes it: `~` for home, relative where it is below the current folder. */
export function shortPath(path: string, homeFolder: string): string {
  if (path === homeFolder) return '~';
  const below = relative(homeFolder, path);
  return below === '' || below.startsWith('..') || homeFolder === '/' ? path : join('~', below);
}
