import type { IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import { isAppAddress } from '../app-address.ts';

/**
 * Whether a message comes from the top frame of one of our own windows, showing our own page. Anything else (a frame
 * inside it, a window of someone else, a page that was navigated away) is refused before any handler sees it.
 */
export function isTrustedSender(
  event: Pick<IpcMainEvent | IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  isOurs: (contents: WebContents) => boolean,
): boolean {
  const frame = event.senderFrame;
  if (frame === null || frame.parent !== null) return false;
  return isOurs(event.sender) && isAppAddress(frame.url);
}
