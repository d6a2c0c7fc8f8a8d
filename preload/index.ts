import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { TazpodApi } from './api.ts';
import { channelOf, messageNames, requestNames, windowEventNames } from './contract/channels.ts';
import type { RequestResults } from './contract/window.ts';

/** The one door between a page and the app. Names that the contract does not have lead nowhere. */
const api: TazpodApi = {
  request: async (name, ...args) => {
    if (!requestNames.includes(name)) throw new Error('refused');
    const answer: unknown = await ipcRenderer.invoke(channelOf(name), ...args);
    return answer as RequestResults[typeof name];
  },
  send: (name, ...args) => {
    if (messageNames.includes(name)) ipcRenderer.send(channelOf(name), ...args);
  },
  on: (name, listener) => {
    if (!windowEventNames.includes(name)) throw new Error('refused');
    // The event object would hand ipcRenderer to the page.
    const forward = (_event: unknown, value: Parameters<typeof listener>[0]): void => listener(value);
    ipcRenderer.on(channelOf(name), forward);
    return () => {
      ipcRenderer.removeListener(channelOf(name), forward);
    };
  },
  pathsOf: (files) => files.map((file) => webUtils.getPathForFile(file)),
};

contextBridge.exposeInMainWorld('tazpod', api);
