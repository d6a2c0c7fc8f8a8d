import { app, BrowserWindow, ipcMain, Menu, nativeImage, nativeTheme, protocol, session, Tray } from 'electron';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The app that the contract tests run, on Electron and on its stand-in alike. What happens is written down in
 * `globalThis.contract`, which the tests read.
 *
 * @typedef {{ events: string[], senders: { url: string, isTop: boolean, id: number }[], openWindow: (show?: boolean) => number,
 *   openTray: () => void, menuClicks: string[], opened: string[], navigations: string[], denyQuit: boolean, asked: string[] }} Contract
 */
const folder = import.meta.dirname;
/** @param {string} name */
const has = (name) => process.argv.includes(name);

/** @type {Contract} */
const contract = {
  events: [],
  senders: [],
  menuClicks: [],
  opened: [],
  navigations: [],
  asked: [],
  denyQuit: false,
  openWindow,
  openTray,
};
Object.assign(globalThis, { contract });
const note = (/** @type {string} */ name) => contract.events.push(name);

app.on('will-finish-launching', () => note('will-finish-launching'));
app.on('ready', () => note('ready'));
if (!has('--quits-with-last-window')) app.on('window-all-closed', () => note('window-all-closed'));
app.on('before-quit', (event) => {
  note('before-quit');
  if (contract.denyQuit) event.preventDefault();
});
app.on('will-quit', () => note('will-quit'));
app.on('quit', (_event, code) => {
  note(`quit ${code}`);
  const log = process.env['CONTRACT_LOG'];
  if (log !== undefined) writeFileSync(log, contract.events.join('\n'));
});
app.on('web-contents-created', (_event, contents) => {
  contents.on('will-navigate', (event) => {
    contract.navigations.push(event.url);
    if (!event.url.startsWith('contract://app/')) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    contract.opened.push(url);
    return { action: 'deny' };
  });
});

protocol.registerSchemesAsPrivileged([{ scheme: 'contract', privileges: { standard: true, secure: true } }]);

const isFirst = !has('--single') || app.requestSingleInstanceLock({ from: process.pid });
note(`lock ${isFirst}`);
if (isFirst) {
  app.on('second-instance', (_event, argv, cwd, data) => {
    note('second-instance');
    Object.assign(globalThis, { second: { argv, cwd, data } });
  });
  app.whenReady().then(start, (error) => {
    throw error;
  });
} else {
  app.quit();
}

function start() {
  note('whenReady');
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => {
    contract.asked.push(permission);
    answer(false);
  });
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.protocol.handle('contract', serve);
  Menu.setApplicationMenu(null);
  nativeTheme.on('updated', () => note('theme'));
  ipcMain.handle('echo', (event, ...args) => {
    const { senderFrame } = event;
    contract.senders.push({ url: senderFrame?.url ?? '', isTop: senderFrame?.parent === null, id: event.sender.id });
    return /** @type {unknown} */ (args.length === 1 ? args[0] : args);
  });
  ipcMain.handle('fail', () => {
    throw new TypeError('nope');
  });
  ipcMain.handle('uncloneable', () => () => 1);
  ipcMain.on('post', (event, value) => {
    note(`post ${value}`);
    event.sender.send('posted', value);
  });
  if (!has('--no-window')) openWindow();
  if (has('--looks')) void look().then(() => app.quit());
}

/** @param {GlobalRequest} request */
function serve(request) {
  const { pathname } = new URL(request.url);
  const types = { '.html': 'text/html', '.js': 'text/javascript' };
  try {
    const body = readFileSync(path.join(folder, path.basename(pathname)));
    const type = types[/** @type {keyof typeof types} */ (path.extname(pathname))] ?? 'text/plain';
    const policy = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'";
    return new Response(new Uint8Array(body), { headers: { 'content-type': type, 'content-security-policy': policy } });
  } catch {
    return new Response('Not found', { status: 404 });
  }
}

function openWindow(show = true) {
  const window = new BrowserWindow({
    width: 640,
    height: 480,
    minWidth: 300,
    minHeight: 200,
    show: false,
    title: 'Contract',
    backgroundColor: '#ffffff',
    webPreferences: { preload: path.join(folder, 'preload.cjs'), sandbox: true, contextIsolation: true },
  });
  const names = /** @type {const} */ (['show', 'hide', 'minimize', 'restore', 'closed']);
  for (const name of names) window.on(/** @type {'show'} */ (name), () => note(`window ${name}`));
  window.once('ready-to-show', () => {
    note('window ready-to-show');
    if (show) window.show();
  });
  if (has('--hides-on-close')) {
    let quitting = false;
    app.on('before-quit', () => (quitting = true));
    window.on('close', (event) => {
      if (quitting) return;
      note('window close');
      event.preventDefault();
      window.hide();
    });
  }
  window.webContents.on('render-process-gone', (_event, { reason }) => note(`gone ${reason}`));
  window.webContents.on('did-finish-load', () => note('did-finish-load'));
  window.loadURL('contract://app/page.html').catch((error) => note(`load ${error}`));
  return window.id;
}

/** @param {string} name */
const click = (name) => () => void contract.menuClicks.push(name);

function openTray() {
  const tray = new Tray(nativeImage.createFromPath(path.join(folder, 'tray.png')));
  tray.setToolTip('Contract tip');
  tray.on('click', click('icon'));
  const menu = Menu.buildFromTemplate([
    { label: 'state: idle', enabled: false },
    { label: 'Do && say_so', click: click('do') },
    { type: 'separator' },
    { label: 'Option', type: 'checkbox', checked: true, click: click('option') },
    { label: 'More', submenu: [{ label: 'Deep', submenu: [{ label: 'Deeper', click: click('deeper') }] }] },
    { label: 'Hidden', visible: false },
  ]);
  tray.setContextMenu(menu);
  Object.assign(globalThis, { tray });
}

/** Prints what the page believes of its window while it is shown, hidden and minimised. */
async function look() {
  const [window] = BrowserWindow.getAllWindows();
  if (window === undefined) return;
  const { webContents } = window;
  await new Promise((resolve) => window.once('show', () => resolve(undefined)));
  /** @param {string} when @param {string} wanted */
  const print = async (when, wanted) => {
    let seen = '';
    for (
      const end = Date.now() + 5_000;
      seen !== wanted && Date.now() < end;
      await new Promise((next) => setTimeout(next, 20))
    ) {
      seen = String(await webContents.executeJavaScript('`${document.visibilityState} ${document.hasFocus()}`'));
    }
    console.log(`${when}: ${seen}`);
  };
  await print('shown', 'visible true');
  window.hide();
  await print('hidden', 'hidden false');
  window.show();
  await print('shown again', 'visible true');
  window.minimize();
  await print('minimised', 'hidden false');
  window.restore();
  await print('restored', 'visible true');
}
