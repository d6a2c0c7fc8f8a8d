import { createExternalStore } from '../../store/external-store.ts';

/** The tab whose name is being typed, by its key. */
export const renamedTab = createExternalStore<string | null>(null);
