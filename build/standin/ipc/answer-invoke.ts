import { ipcMain, IpcMain } from './ipc-main.ts';
import type { FromPage, ToPage } from './messages.ts';

/** Calls the handler of an `invoke` and posts what it says, or why there is nothing to say. */
export async function answerInvoke(
  { id, channel, args }: Extract<FromPage, { kind: 'invoke' }>,
  event: Electron.IpcMainInvokeEvent,
  post: (message: ToPage) => void,
): Promise<void> {
  try {
    post({ kind: 'answer', id, value: await IpcMain.answer(ipcMain, channel, event, args) });
  } catch (error) {
    post({ kind: 'failure', id, message: `Error invoking remote method '${channel}': ${String(error)}` });
  }
}
