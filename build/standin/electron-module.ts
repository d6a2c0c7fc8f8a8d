import { app } from './app/app.ts';
import { nativeTheme } from './app/native-theme.ts';
import { powerMonitor } from './app/power-monitor.ts';
import { clipboard } from './desktop/clipboard.ts';
import { dialog } from './desktop/dialog.ts';
import { Notification } from './desktop/notification.ts';
import { shell } from './desktop/shell.ts';
import { NativeImage } from './image/native-image.ts';
import { ipcMain } from './ipc/ipc-main.ts';
import { guarded } from './runtime/unimplemented.ts';
import { Menu, MenuItem } from './tray/menu.ts';
import { Tray } from './tray/tray.ts';
import { BrowserWindow } from './window/browser-window.ts';
import { defaultSession, session } from './window/session.ts';
import { WebContents } from './window/web-contents.ts';

const nativeImage = NativeImage;
const webContents = WebContents;
const { protocol } = defaultSession;

/** No keyring is asked: what is stored with it would be plain text. */
const safeStorage = guarded('safeStorage', {
  isEncryptionAvailable: (): boolean => false,
  getSelectedStorageBackend: (): 'basic_text' => 'basic_text',
});

/** What `require('electron')` gives the app's main process. */
const electron = guarded('electron', {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  session,
  shell,
  Tray,
  webContents,
});

export {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  session,
  shell,
  Tray,
  webContents,
};
// For `import electron from 'electron'` and for `require('electron')`.
export { electron as default, electron as 'module.exports' };
