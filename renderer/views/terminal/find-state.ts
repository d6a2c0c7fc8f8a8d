import { createExternalStore } from '../../store/external-store.ts';

/** Whether the find bar of the terminal in front is open. One is enough: only one terminal has the focus. */
export const findBarOpen = createExternalStore(false);
