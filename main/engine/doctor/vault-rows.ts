import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import type { SyncQuestion } from '../../../preload/contract/sync.ts';
import { rowsOf } from './row.ts';

const { row } = rowsOf('project');

/** What the snapshot tells of a project's vault and its remote. Pure. */
export function toVaultRows({ vault, sync }: Pick<ProjectState, 'vault' | 'sync'>): readonly DoctorRow[] {
  return [toVaultRow(vault), toRemoteRow(sync)];
}

function toVaultRow(vault: ProjectState['vault']): DoctorRow {
  const { status, failure, conflictCopies, lostSinceMs } = vault;
  if (failure !== null) return row('vault', 'Vault', 'warning', failure.message, failure.nextStep);
  if (conflictCopies.length > 0) {
    return row(
      'vault',
      'Vault',
      'warning',
      `Two of it were kept: ${conflictCopies.join(', ')} lies beside it in .tazpod/vault.`,
      'Look at both, keep what you need, and remove the copy.',
    );
  }
  if (lostSinceMs !== null) {
    const detail = 'The container ended while it was open: what changed since the last save is lost.';
    return row('vault', 'Vault', 'warning', detail, 'Stop containers with "tazpod down", which saves first.');
  }
  return row('vault', 'Vault', 'ok', status === 'absent' ? 'There is none.' : `It is ${status}.`);
}

const questions: { readonly [Kind in SyncQuestion['kind']]: readonly [detail: string, nextStep: string] } = {
  'offer-pull': ['The remote has a newer vault than this machine.', '"tazpod pull" takes it.'],
  conflict: [
    'The vault changed here and at the remote.',
    '"tazpod push --mine" keeps this one, "tazpod pull --theirs" takes that one; the other stays in the history.',
  ],
  'ask-adopt': ['The vault at the remote does not say whose it is.', 'If it is this one: "tazpod sync adopt".'],
  'other-vault': ['Another vault lies at the remote.', 'Set another "sync: { prefix }" in .tazpod/config.yaml.'],
};

function toRemoteRow({ remote, failure, question, byHandReason }: ProjectState['sync']): DoctorRow {
  if (remote === null) return row('remote', 'Remote', 'ok', 'None in the config: what is saved stays on this machine.');
  if (failure !== null) return row('remote', 'Remote', 'warning', failure.message, failure.nextStep);
  if (question !== null) return row('remote', 'Remote', 'warning', ...questions[question.kind]);
  if (byHandReason !== null) {
    return row('remote', 'Remote', 'warning', `Pushed to by hand only: ${byHandReason}`, 'Push with "tazpod push".');
  }
  return row('remote', 'Remote', 'ok', remote.shown);
}
