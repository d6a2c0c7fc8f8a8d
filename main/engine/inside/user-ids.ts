import { stat } from 'node:fs/promises';
import type { EngineState } from '../../../preload/contract/snapshot.ts';

/** Numeric ids as the kernel has them. */
export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The ids that the image's user gets in the container: those of the folder's owner, so that what is made inside belongs
 * to the person outside. null where none are needed: another system than Linux and Docker Desktop map owners
 * themselves, a rootless engine and user namespaces have numbers of their own, and root or a numeric user is taken as asked.
 */
export async function findUserIds(folder: string, user: string, engine: EngineState): Promise<UserIds | null> {
  if (process.platform !== 'linux' || user === 'root' || /^\d/u.test(user)) return null;
  if (engine.status === 'ready' && mapsOwners(engine)) return null;
  const { uid, gid } = await stat(folder);
  return { uid, gid };
}

/** Whether the engine shows owners of bind mounts otherwise than the host does. */
export function mapsOwners(engine: Extract<EngineState, { status: 'ready' }>): boolean {
  return (
    engine.rootless ||
    engine.operatingSystem.includes('Docker Desktop') ||
    engine.securityOptions.some((option) => /name=(?:rootless|userns)/u.test(option))
  );
}
