/** Who the app is; read from its package.json before it runs, changed by `app.setName`. */
export const identity = { name: 'Electron', version: '', folder: '', isPackaged: false };
