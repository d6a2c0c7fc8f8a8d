import { failWith, hasCode, reasonOf, TazpodError } from '../failure.ts';

/** The steps of a save, in the words of a failure. */
export type WriteStep =
  | 'pack the files'
  | 'make the folder'
  | 'create the new file'
  | 'write the new file'
  | 'flush the new file'
  | 'read the new file back'
  | "read the vault's id"
  | 'keep the other file'
  | 'put the new file in place'
  | 'flush the folder';

/**
 * Runs one step of a save.
 * @throws TazpodError `disk-full`, `folder-not-writable`, `vault-write-failed`; what is a TazpodError already stays it
 */
export async function inStep<Result>(folder: string, step: WriteStep, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toWriteFailure(folder, step, error);
  }
}

/** What a look at the vault's folder met: a system error says which folder and why, all else stays what it is. */
export function toReadFailure(shownPath: string, error: unknown): unknown {
  if (error instanceof TazpodError || !(error instanceof Error && 'syscall' in error)) return error;
  return failWith('folder-unreadable', { folder: shownPath, reason: reasonOf(error) }, error);
}

function toWriteFailure(folder: string, step: WriteStep, error: unknown): unknown {
  if (error instanceof TazpodError) return error;
  const reason = reasonOf(error);
  const isOldKept = step !== 'flush the folder';
  if (isOldKept && hasCode(error, 'ENOSPC', 'EDQUOT')) {
    return failWith('disk-full', { action: `save the vault of ${folder}; the one before is unchanged`, reason }, error);
  }
  if (isOldKept && hasCode(error, 'EACCES', 'EPERM', 'EROFS'))
    return failWith('folder-not-writable', { folder }, error);
  return failWith('vault-write-failed', { folder, step, reason, isOldKept }, error);
}
