import { createEvent } from '../runtime/event.ts';
import { toReal } from './address.ts';
import { toFrame } from './frame.ts';

/** What `ipcMain`'s listeners and handlers learn of a message's sender. */
export function toSenderEvent(sender: Electron.WebContents, shownUrl: string): Electron.IpcMainEvent {
  const details = {
    type: 'frame',
    sender,
    senderFrame: toFrame(toReal(shownUrl)),
    frameId: 1,
    processId: 1,
    ports: [],
    reply: (channel: string, ...args: unknown[]): void => sender.send(channel, ...args),
  };
  return createEvent(details) as unknown as Electron.IpcMainEvent;
}
