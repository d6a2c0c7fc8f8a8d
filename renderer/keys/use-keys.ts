import { useEffect } from 'react';
import { useApp, type AppContextValue } from '../store/app-context.ts';
import { toKeyAction, type KeyAction } from './key-map.ts';
import { runKeyAction } from './run-key-action.ts';

const isInTerminal = (): boolean =>
  document.activeElement?.closest('.xterm') !== null && document.activeElement !== null;

/** What a key press means to us where the focus is now. */
export function keyActionOf(event: KeyboardEvent, isMac: boolean): KeyAction | null {
  return toKeyAction(event, { isMac, inTerminal: isInTerminal() });
}

const isMacOf = ({ app }: AppContextValue): boolean => {
  const state = app.get();
  return state.status === 'ready' && state.runtime.platform === 'darwin';
};

/** Listens for our keys wherever the focus is. While something asks over the window, only it is answered. */
export function useKeys(): void {
  const context = useApp();
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const action = keyActionOf(event, isMacOf(context));
      if (action === null) return;
      const isCovered = document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
      if (isCovered && action.type !== 'palette') return;
      event.preventDefault();
      runKeyAction(action, context);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [context]);
}
