import type { LoginPrompt, Operation, ProjectState } from '../../../preload/contract/snapshot.ts';
import type { Context } from '../context.ts';
import { CliFailure, renderFailure, type ExitCode } from '../failure.ts';
import { canAsk, type CliIo } from '../io.ts';
import { runOperation } from '../operation.ts';
import { projectById } from '../project-folder.ts';
import { escapeText } from '../text/escape.ts';
import { styleFor } from '../text/style.ts';
import { registeredProject } from './consent.ts';
import { report } from './sync.ts';

/** `tazpod login`: AWS SSO, for the profile of the folder's remote. */
export async function runLogin(context: Context): Promise<ExitCode> {
  const { io, link, flags } = context;
  await link.open('settled');
  const project = await registeredProject(context);
  await logInByBrowser(context, project);
  const code = report(context, project.id, 'log-in');
  const { failure } = projectById(link.snapshot, project.id).sync;
  if (failure !== null) {
    io.err.write("Logged in, but the remote still can't be used:\n");
    io.err.write(renderFailure(failure, styleFor(io.err.isTty, io.environment), flags.verbose));
  }
  return code;
}

/**
 * Shows page and code on the error output, opens the page at Enter, and waits until the login is confirmed. Ctrl-C cancels it.
 * @throws CliFailure
 */
export async function logInByBrowser(context: Context, { id, name }: ProjectState): Promise<void> {
  const keys = openAtEnter(context.io);
  try {
    const action = `Logging in for ${escapeText(name)}`;
    await runOperation(context, { type: 'logIn', projectId: id }, action, () => false, keys.look);
  } finally {
    keys.stop();
  }
}

interface EnterKey {
  /** What to say of an operation, besides its progress; null for nothing new. */
  readonly look: (operation: Operation, say: (text: string) => void) => void;
  readonly stop: () => void;
}

function openAtEnter(io: CliIo): EnterKey {
  let shown: string | null = null;
  let stopReading: (() => void) | null = null;
  const read = (page: string, say: (text: string) => void): void => {
    stopReading = io.input.onBytes((bytes) => {
      if (!bytes.includes(0x0a)) return;
      void io.openPage(page).then((isOpen) => {
        if (!isOpen) say('No browser could be started here: open that page yourself, on any device.');
      });
    });
  };
  const stop = (): void => {
    stopReading?.();
    stopReading = null;
  };
  return {
    look: ({ login }, say) => {
      if (login === undefined || login.userCode === shown) return;
      shown = login.userCode;
      const isKeyboard = canAsk(io);
      say(toLoginWords(login, isKeyboard));
      stop();
      if (isKeyboard) read(login.page, say);
    },
    stop,
  };
}

/** The page's address first: nobody opens what they have not seen. */
function toLoginWords({ page, userCode }: LoginPrompt, isKeyboard: boolean): string {
  return [
    'Confirm the login in a browser, on this or any other device:',
    `  ${escapeText(page)}`,
    `It must show this code: ${escapeText(userCode)}`,
    ...(isKeyboard ? ['Press Enter to open it here, Ctrl-C to cancel.'] : []),
  ].join('\n');
}

/** Whether a failure ends with a login. */
export const isLoginNeeded = (error: unknown): error is CliFailure =>
  error instanceof CliFailure && error.failure.code === 'sync-login-needed';
