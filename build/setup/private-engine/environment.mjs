import { systemPath } from '../engine-facts.mjs';

/**
 * What the daemon gets of the environment of whoever starts it. It outlives their session, and the folders that a session has
 * for itself go with that: from then on no program could be run in any container, since runc keeps files there.
 * @param {NodeJS.ProcessEnv} session
 * @returns {NodeJS.ProcessEnv}
 */
export function daemonEnvironment(session) {
  const { XDG_RUNTIME_DIR: _runtimeFolder, TMPDIR: _temporaryFolder, ...rest } = session;
  return { ...rest, PATH: systemPath };
}
