/* oxlint-disable typescript/no-unsafe-argument, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-return -- plain JavaScript, run by Chromium as it is */
const { contextBridge, ipcRenderer, webUtils } = require('electron');

class Custom {
  own = 1;
  method() {
    return 2;
  }
}

const sees = {
  platform: process.platform,
  electron: process.versions.electron,
  moduleError: (() => {
    try {
      require('node:child_process');
      return 'none';
    } catch (error) {
      return error.message;
    }
  })(),
};

contextBridge.exposeInMainWorld('contract', {
  text: 'text',
  nested: { list: [1, { two: 2 }] },
  custom: new Custom(),
  sees,
  echo: (value) => value,
  invoke: (channel, ...args) => ipcRenderer.invoke(channel, ...args),
  post: (value) => ipcRenderer.send('post', value),
  on: (listener) => {
    const forward = (_event, value) => listener(value);
    ipcRenderer.on('posted', forward);
    return () => ipcRenderer.removeListener('posted', forward);
  },
  once: (listener) => void ipcRenderer.once('posted', (_event, value) => listener(value)),
  later: async (value) => value,
  refuse: async () => {
    throw new RangeError('refused');
  },
  throws: () => {
    throw new RangeError('thrown');
  },
  callBack: (callback) => callback(20) + 1,
  checkBytes: (bytes) => [bytes instanceof Uint8Array, bytes.length, bytes[12345]],
  pathOf: (file) => webUtils.getPathForFile(file),
});
contextBridge.exposeInMainWorld('second', { isHere: true });
