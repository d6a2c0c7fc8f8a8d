import type { TazpodApi } from '../preload/api.ts';

declare global {
  interface Window {
    /** Put there by the preload script; the page's only door to the app. */
    readonly tazpod: TazpodApi;
  }
}
