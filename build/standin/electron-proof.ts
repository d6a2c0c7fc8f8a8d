import type { App } from './app/app.ts';
import type { NativeTheme } from './app/native-theme.ts';
import type { PowerMonitor } from './app/power-monitor.ts';
import type { clipboard } from './desktop/clipboard.ts';
import type { dialog } from './desktop/dialog.ts';
import type { Notification } from './desktop/notification.ts';
import type { shell } from './desktop/shell.ts';
import type { NativeImage } from './image/native-image.ts';
import type { IpcMain } from './ipc/ipc-main.ts';
import type { Proof } from './runtime/electron-types.ts';
import type { Menu, MenuItem } from './tray/menu.ts';
import type { Tray } from './tray/tray.ts';
import type { BrowserWindow } from './window/browser-window.ts';
import type { Protocol } from './window/protocol.ts';
import type { Session } from './window/session.ts';
import type { WebContents } from './window/web-contents.ts';

/** Does not compile unless every public member of the stand-in is one of Electron's, with Electron's type. */
type AllProofs =
  | Proof<App, Electron.App>
  | Proof<BrowserWindow, Electron.BrowserWindow>
  | Proof<typeof clipboard, Electron.Clipboard>
  | Proof<typeof dialog, Electron.Dialog>
  | Proof<IpcMain, Electron.IpcMain>
  | Proof<Menu, Electron.Menu>
  | Proof<MenuItem, Electron.MenuItem>
  | Proof<NativeImage, Electron.NativeImage>
  | Proof<NativeTheme, Electron.NativeTheme>
  | Proof<Notification, Electron.Notification>
  | Proof<PowerMonitor, Electron.PowerMonitor>
  | Proof<Protocol, Electron.Protocol>
  | Proof<Session, Electron.Session>
  | Proof<typeof shell, Electron.Shell>
  | Proof<Tray, Electron.Tray>
  | Proof<WebContents, Electron.WebContents>;

export type StrangersToElectron = AllProofs extends never ? true : AllProofs;
export const proof: StrangersToElectron = true;
