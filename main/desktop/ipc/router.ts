import { ipcMain, type WebContents } from 'electron';
import * as v from 'valibot';
import { toFailure } from '../../../preload/contract/errors.ts';
import { formatIssues } from '../../../preload/contract/parse.ts';
import { channelOf } from '../../../preload/contract/channels.ts';
import {
  messageSchemas,
  requestSchemas,
  type MessageArguments,
  type MessageName,
  type RequestArguments,
  type RequestName,
  type RequestResults,
  type WindowEventName,
  type WindowEvents,
} from '../../../preload/contract/window.ts';
import { isTrustedSender } from './trusted-sender.ts';

/** One handler per request and message, all of them: a new one in the contract does not compile without. */
export type RequestHandlers = {
  readonly [Name in RequestName]: (
    sender: WebContents,
    ...args: RequestArguments<Name>
  ) => Promise<RequestResults[Name]> | RequestResults[Name];
};
export type MessageHandlers = {
  readonly [Name in MessageName]: (sender: WebContents, ...args: MessageArguments<Name>) => void;
};

export interface RouterOptions {
  readonly requests: RequestHandlers;
  readonly messages: MessageHandlers;
  readonly isOurs: (contents: WebContents) => boolean;
  readonly log: (line: string) => void;
}

/** Listens to every channel of the contract. Checks the sender first, then the arguments, then calls the handler. */
export function routeIpc(options: RouterOptions): void {
  for (const name of Object.keys(requestSchemas) as RequestName[]) routeRequest(name, options);
  for (const name of Object.keys(messageSchemas) as MessageName[]) routeMessage(name, options);
}

function routeRequest(name: RequestName, { requests, isOurs, log }: RouterOptions): void {
  ipcMain.handle(channelOf(name), async (event, ...input: unknown[]) => {
    if (!isTrustedSender(event, isOurs)) {
      log(`ipc: ${name} from a stranger was refused`);
      throw new Error('refused');
    }
    const parsed = v.safeParse(requestSchemas[name], input);
    if (!parsed.success) {
      const issues = formatIssues(parsed.issues);
      log(`ipc: ${name} with wrong arguments was refused: ${issues}`);
      const failure = toFailure('invalid-command', { issues });
      if (name === 'execute') return { accepted: false, failure };
      throw new Error(failure.message);
    }
    return call(requests[name], event.sender, parsed.output);
  });
}

function routeMessage(name: MessageName, { messages, isOurs, log }: RouterOptions): void {
  ipcMain.on(channelOf(name), (event, ...input: unknown[]) => {
    if (!isTrustedSender(event, isOurs)) {
      log(`ipc: ${name} from a stranger was refused`);
      return;
    }
    const parsed = v.safeParse(messageSchemas[name], input);
    if (parsed.success) call(messages[name], event.sender, parsed.output);
    else log(`ipc: ${name} with wrong arguments was refused: ${formatIssues(parsed.issues)}`);
  });
}

/** The schema of the handler's own name made the arguments; a loop over names can't tell the compiler so. */
function call(
  handler: (sender: WebContents, ...args: never[]) => unknown,
  sender: WebContents,
  args: unknown,
): unknown {
  return handler(sender, ...(args as never[]));
}

/** Tells a window something; one that is gone is not told. */
export function tellWindow<Name extends WindowEventName>(
  contents: WebContents,
  name: Name,
  event: WindowEvents[Name],
): void {
  if (!contents.isDestroyed()) contents.send(channelOf(name), event);
}
