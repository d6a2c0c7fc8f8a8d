import { useState } from 'react';
import type { Command } from '../../../preload/contract/commands.ts';
import type { Failure } from '../../../preload/contract/errors.ts';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { useApp } from '../../store/app-context.ts';

export interface SyncCommand {
  /** Sends it; how it ends shows in `failure` and in the snapshot. */
  readonly send: (command: Command) => void;
  readonly isRunning: boolean;
  /** It has ended well. */
  readonly isDone: boolean;
  /** Why the last one was refused or failed; null while it runs and after one that went well. */
  readonly failure: Failure | null;
}

/** One command of this window to sync, followed to its end beside the button that sent it. */
export function useSyncCommand({ sync, activity }: ProjectState): SyncCommand {
  const { api } = useApp();
  const [operationId, setOperationId] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<Failure | null>(null);
  const entry = operationId === null ? undefined : activity.findLast((one) => one.operationId === operationId);
  // The same asked for elsewhere, by tray or command line, settles what failed here.
  const isLatest = entry !== undefined && activity.findLast(({ kind }) => kind === entry.kind) === entry;
  const send = (command: Command): void => {
    setRefusal(null);
    setOperationId(null);
    void api.request('execute', command).then((answer) => {
      if (answer.accepted) setOperationId(answer.operationId ?? null);
      else setRefusal(answer.failure);
    });
  };
  return {
    send,
    isRunning: sync.operations.some(({ id }) => id === operationId),
    isDone: entry?.outcome === 'done',
    failure: refusal ?? (isLatest ? (entry.failure ?? null) : null),
  };
}
