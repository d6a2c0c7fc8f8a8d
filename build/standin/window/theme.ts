import { themeOverride } from '../app/native-theme.ts';
import type { Page } from './page.ts';

/** Makes a page's prefers-color-scheme that of `nativeTheme`. Chromium follows the system by itself. */
export async function applyTheme(page: Page): Promise<void> {
  const value = themeOverride();
  await page.send('Emulation.setEmulatedMedia', {
    features: value === null ? [] : [{ name: 'prefers-color-scheme', value }],
  });
}
