import type { Command } from '../../../preload/contract/commands.ts';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { printJson, type Context } from '../context.ts';
import { CliFailure, cliFailure, type ExitCode } from '../failure.ts';
import { runOperation } from '../operation.ts';
import { askNewPassphrase, askPassphrase, readPassphrases } from '../passphrase.ts';
import { folderOf, projectById, requireProject } from '../project-folder.ts';
import { askYes } from '../question.ts';
import { renderVault } from '../render/vault.ts';
import { escapeText } from '../text/escape.ts';
import { UsageError } from '../words/parse.ts';
import { usageOf, vaultVerbs } from '../words/table.ts';
import { createByQuestion, unlockByQuestion, unlockOnce } from './unlock.ts';

/** The registered project of the word's folder, its files read anew. */
async function openProject(context: Context): Promise<ProjectState> {
  const { link } = context;
  const client = await link.open('ready');
  await client.execute({ type: 'refreshProjects' });
  return requireProject(client.snapshot, await folderOf(context));
}

function report({ io, flags, link }: Context, projectId: string, sentence: string): ExitCode {
  const project = projectById(link.snapshot, projectId);
  if (flags.json) printJson(io, project.vault);
  else io.out.write(`${sentence}\n`);
  return 0;
}

/** `tazpod unlock` */
export async function runUnlock(context: Context): Promise<ExitCode> {
  const { flags } = context;
  const project = await openProject(context);
  const { folder, vault, id } = project;
  const name = escapeText(project.name);
  if (flags.create && vault.status !== 'absent') throw cliFailure('vault-exists', { folder });
  if (vault.status === 'unlocked') return report(context, id, `The vault of ${name} is unlocked already.`);
  if (project.container.status !== 'running') throw cliFailure('container-not-running', { folder });
  if (flags.remember && vault.rememberRefusal !== null) {
    throw cliFailure('remember-refused', { reason: vault.rememberRefusal });
  }
  const remember = flags.remember ? { remember: true } : {};
  const isNew = vault.status === 'absent';
  if (isNew && !flags.create) {
    const isWanted = await askYes(context, `${escapeText(folder)} has no vault yet. Make one?`);
    if (isWanted !== true) throw cliFailure('vault-missing', { folder });
  }
  if (flags.passphraseStdin) {
    const [passphrase = ''] = await readPassphrases(context, 1);
    await unlockOnce(context, project, { passphrase, ...(isNew ? { create: true } : {}), ...remember });
  } else if (isNew) {
    await createByQuestion(context, project, flags.remember);
  } else {
    const question = `Passphrase of the vault of ${name}: `;
    await unlockByQuestion(context, project, { question, maySkip: false, remember: flags.remember });
  }
  const what = isNew ? `Made the vault of ${name}; it is unlocked` : `Unlocked the vault of ${name}`;
  return report(context, id, `${what}: /home/tazpod/secrets in the container.`);
}

/** Runs a command of the vault; where it is refused with this code, asks and runs it once more in its other form. */
async function runOrAsk(
  context: Context,
  action: string,
  command: Command,
  isReached: () => boolean,
  { code, question, otherwise }: { readonly code: string; readonly question: string; readonly otherwise: Command },
): Promise<void> {
  try {
    await runOperation(context, command, action, isReached);
  } catch (error) {
    if (!(error instanceof CliFailure) || error.failure.code !== code) throw error;
    context.io.err.write(`${error.failure.message}\n`);
    if ((await askYes(context, question)) !== true) throw error;
    await runOperation(context, otherwise, action, isReached);
  }
}

/** `tazpod lock` */
export async function runLock(context: Context): Promise<ExitCode> {
  const { flags, link } = context;
  const { folder, vault, id, name } = await openProject(context);
  const shown = escapeText(name);
  if (vault.status === 'absent') throw cliFailure('vault-missing', { folder });
  if (vault.status === 'locked') return report(context, id, `The vault of ${shown} is locked already.`);
  const command = { type: 'lockVault', projectId: id, ...(flags.force ? { force: true } : {}) } as const;
  const ending = { ...command, endHolders: true } as const;
  const isLocked = (): boolean => projectById(link.snapshot, id).vault.status === 'locked';
  const refusal = { code: 'vault-held-open', question: 'End them?', otherwise: ending };
  const first = flags.endHolders ? ending : command;
  await runOrAsk(context, `Locking the vault of ${shown}`, first, isLocked, refusal);
  return report(context, id, `Locked the vault of ${shown}.`);
}

/** `tazpod save` */
export async function runSave(context: Context): Promise<ExitCode> {
  const { flags, link } = context;
  const { vault, id, name } = await openProject(context);
  const shown = escapeText(name);
  const command = { type: 'saveVault', projectId: id } as const;
  const confirmed = { ...command, confirm: true } as const;
  const refusal = { code: 'vault-shrunk', question: 'Save it like this?', otherwise: confirmed };
  const first = flags.confirm ? confirmed : command;
  await runOrAsk(context, `Saving the vault of ${shown}`, first, () => false, refusal);
  const isWritten = projectById(link.snapshot, id).vault.lastSavedAtMs !== vault.lastSavedAtMs;
  const sentence = isWritten
    ? `Saved the vault of ${shown}.`
    : `Nothing changed in the vault of ${shown}; nothing was written.`;
  return report(context, id, sentence);
}

/** `tazpod vault` and what follows it. */
export async function runVault(context: Context): Promise<ExitCode> {
  const [typed = 'status', ...rest] = context.invocation.operands;
  const verb = vaultVerbs.find((one) => one === typed);
  if (verb === undefined) {
    const hint = `"tazpod vault" knows ${vaultVerbs.join(', ')}, not "${escapeText(typed)}".`;
    throw new UsageError(hint, usageOf('vault'));
  }
  const inFolder = { ...context, invocation: { ...context.invocation, operands: rest } };
  const runs = { status: runVaultStatus, passphrase: runPassphrase, 'forget-passphrase': runForget } as const;
  return await runs[verb](inFolder);
}

async function runVaultStatus(context: Context): Promise<ExitCode> {
  const { io, flags, link, style } = context;
  const { id, name, vault } = await openProject(context);
  if (vault.status === 'unlocked') await link.client.execute({ type: 'inspectVault', projectId: id });
  const now = projectById(link.snapshot, id).vault;
  if (flags.json) printJson(io, now);
  else io.out.write(renderVault(name, now, io.nowMs(), style));
  return 0;
}

async function runPassphrase(context: Context): Promise<ExitCode> {
  const { flags } = context;
  const { folder, vault, id, name } = await openProject(context);
  if (vault.status === 'absent') throw cliFailure('vault-missing', { folder });
  const shown = escapeText(name);
  const typed = flags.passphraseStdin
    ? await readPassphrases(context, 2)
    : [await askPassphrase(context, `Present passphrase of the vault of ${shown}: `), await askNewPassphrase(context)];
  const [passphrase, newPassphrase] = typed;
  if (typeof passphrase !== 'string' || typeof newPassphrase !== 'string') {
    throw cliFailure('passphrase-needed', { folder });
  }
  const command = { type: 'changeVaultPassphrase', projectId: id, passphrase, newPassphrase } as const;
  await runOperation(context, command, `Changing the passphrase of ${shown}`, () => false);
  return report(
    context,
    id,
    `The vault of ${shown} has the new passphrase. Copies made before still open with the old one.`,
  );
}

async function runForget(context: Context): Promise<ExitCode> {
  const { id, name, vault } = await openProject(context);
  const shown = escapeText(name);
  if (!vault.remembered) return report(context, id, `No passphrase of ${shown} is kept on this device.`);
  await context.link.client.execute({ type: 'forgetVaultPassphrase', projectId: id });
  return report(context, id, `The passphrase of ${shown} is no longer kept on this device.`);
}
