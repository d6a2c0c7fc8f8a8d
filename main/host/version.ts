/** Set by the build; see build/vite.config.ts. */
// oxlint-disable-next-line no-underscore-dangle
declare const __TAZPOD_VERSION__: string | undefined;

/** This app's version. Run from its sources, as tests do, it has none of its own. */
// oxlint-disable-next-line no-underscore-dangle
export const appVersion = typeof __TAZPOD_VERSION__ === 'string' ? __TAZPOD_VERSION__ : '0.0.0-source';
