import { GuardedEmitter } from '../runtime/unimplemented.ts';

type Source = Electron.NativeTheme['themeSource'];

/** Electron's `nativeTheme`. */
export class NativeTheme extends GuardedEmitter {
  #source: Source = 'system';
  #systemIsDark = false;

  constructor() {
    super('nativeTheme', ['updated']);
  }

  get themeSource(): Source {
    return this.#source;
  }

  set themeSource(source: Source) {
    if (!['system', 'light', 'dark'].includes(source))
      throw new TypeError(`Invalid themeSource value: ${String(source)}`);
    const changed = source !== this.#source;
    this.#source = source;
    if (changed) this.emit('updated');
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'system' ? this.#systemIsDark : this.#source === 'dark';
  }

  static setSystemIsDark(theme: NativeTheme, isDark: boolean): void {
    if (theme.#systemIsDark === isDark) return;
    theme.#systemIsDark = isDark;
    if (theme.#source === 'system') theme.emit('updated');
  }
}

export const nativeTheme = new NativeTheme();

/** What pages are told; null: whatever the system says. */
export const themeOverride = (): 'light' | 'dark' | null =>
  nativeTheme.themeSource === 'system' ? null : nativeTheme.themeSource;
