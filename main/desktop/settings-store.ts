import Store from 'electron-store';
import { parseSettings, type Settings, type SettingsChange } from '../../preload/contract/settings.ts';

/** UI settings on disk, checked as they are read at the start: a file edited by hand loses only what is wrong in it. */
export interface SettingsStore {
  /** From memory: a terminal under a flood asks many times a second. */
  read(): Settings;
  change(change: SettingsChange): Settings;
  /** Called with all settings after each change; returns the way to stop. */
  subscribe(listener: (settings: Settings) => void): () => void;
}

export function openSettings(): SettingsStore {
  const store = new Store<Record<string, unknown>>({ name: 'settings', clearInvalidConfig: true });
  const listeners = new Set<(settings: Settings) => void>();
  let settings = parseSettings(store.store);
  return {
    read: () => settings,
    change: (change) => {
      store.set(change);
      settings = parseSettings(store.store);
      for (const listener of listeners) listener(settings);
      return settings;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
