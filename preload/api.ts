import type {
  MessageArguments,
  MessageName,
  RequestArguments,
  RequestName,
  RequestResults,
  WindowEventName,
  WindowEvents,
} from './contract/window.ts';

/** `window.tazpod`: all that a page can reach of the app. */
export interface TazpodApi {
  /** Asks the main process; the arguments are checked there. */
  request<Name extends RequestName>(name: Name, ...args: RequestArguments<Name>): Promise<RequestResults[Name]>;
  send<Name extends MessageName>(name: Name, ...args: MessageArguments<Name>): void;
  /** Returns the way to stop. */
  on<Name extends WindowEventName>(name: Name, listener: (event: WindowEvents[Name]) => void): () => void;
  /** Real paths of dropped files, in order; empty text for what is none. */
  pathsOf(files: readonly File[]): readonly string[];
}
