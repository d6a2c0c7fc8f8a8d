/** From the preload's world to the main process, one per binding call. `url` is the page's, which no script can forge there. */
export type FromPage =
  | {
      readonly kind: 'invoke';
      readonly id: number;
      readonly channel: string;
      readonly args: unknown[];
      readonly url: string;
    }
  | { readonly kind: 'send'; readonly channel: string; readonly args: unknown[]; readonly url: string }
  | { readonly kind: 'open'; readonly url: string; readonly target: string; readonly features: string }
  | { readonly kind: 'close' };

/** From the main process to the preload's world. */
export type ToPage =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string }
  | { readonly kind: 'message'; readonly channel: string; readonly args: unknown[] };

/** Name of the world that the preload script runs in; Electron gives its own the same. */
export const worldName = 'Electron Isolated Context';
/** The binding from that world to the main process. */
export const bindingName = '__electronStandinSend';
/** What the main process calls in that world. */
export const receiverName = '__electronStandinReceive';
/** The function whose `debugger` statement asks for a file's path. */
export const pathQuestionName = 'electronStandinPathOfFile';
