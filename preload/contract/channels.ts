import type { MessageName, RequestName, WindowEventName } from './window.ts';

/**
 * Names of everything that crosses between a window and the main process, without the schemas: the preload script needs
 * no more, and is loaded into every window.
 */
export const requestNames = [
  'execute',
  'subscribe',
  'chooseFolders',
  'openFolder',
  'openLink',
  'copyText',
  'readText',
  'openTerminal',
  'attachTerminal',
  'detachTerminal',
  'closeTerminal',
  'openTerminalWindow',
  'watch',
  'lookAround',
  'saveDiagnostics',
  'readSettings',
  'changeSettings',
  'retryEngine',
] as const satisfies readonly RequestName[];

export const messageNames = [
  'writeTerminal',
  'resizeTerminal',
  'acknowledgeTerminal',
  'tellCommandEnded',
  'tellHidden',
  'tellInView',
  'clearTerminal',
  'tellListShown',
  'keepTerminalLayout',
] as const satisfies readonly MessageName[];

export const windowEventNames = [
  'snapshotChange',
  'settingsChange',
  'showProject',
  'showPage',
  'terminalData',
  'terminalScreen',
  'terminalEnd',
  'terminalTaken',
  'watchSample',
  'watchEnd',
] as const satisfies readonly WindowEventName[];

/** IPC channel of a request, message or event; nothing else is listened to. */
export const channelOf = (name: RequestName | MessageName | WindowEventName): string => `tazpod:${name}`;
