import { stat } from 'node:fs/promises';
import { findAgentSocket } from './host-environment.ts';
import type { SshProblem } from './ssh-files.ts';
import type { UserIds } from './user-ids.ts';

/** Why a forwarded agent would not answer inside; null where it does. */
export async function agentProblem(
  environment: Readonly<Record<string, string | undefined>>,
  ids: UserIds | null,
): Promise<SshProblem | null> {
  const socket = await findAgentSocket(environment);
  if (socket === null) {
    return {
      what: 'ssh: agent was asked for, but no SSH agent runs here (SSH_AUTH_SOCK names no socket).',
      nextStep: 'Start one: eval "$(ssh-agent)" && ssh-add, then "tazpod quit" and start again.',
    };
  }
  if (process.platform !== 'linux' || ids === null) return null;
  const { uid } = await stat(socket);
  if (ids.uid === uid || ids.uid === 0) return null;
  return {
    what: `The SSH agent belongs to uid ${uid} and answers nobody else; the user inside has uid ${ids.uid}.`,
    nextStep: `Run TazPod as the folder's owner, or give the folder to uid ${uid}.`,
  };
}
