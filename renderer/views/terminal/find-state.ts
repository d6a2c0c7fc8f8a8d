import { createExternalStore } from '../../store/external-store.ts';

/** The pane whose find bar is open, by its key. One is enough: only one terminal has the focus. */
export const findBarPane = createExternalStore<string | null>(null);
