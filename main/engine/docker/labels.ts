/**
 * Labels on everything that this app makes at an engine: the proof that it is ours. The install id keeps two
 * installations at one engine apart.
 */
export const labels = {
  app: 'tazpod.app',
  version: 'tazpod.version',
  install: 'tazpod.install',
  project: 'tazpod.project',
  /** Hash of what the config asks for (drift). */
  configHash: 'tazpod.config-hash',
  /** The same as JSON, so that the differences can be shown. */
  config: 'tazpod.config',
  /** On volumes: their path inside. */
  volume: 'tazpod.volume',
  /** On networks: their MTU. */
  mtu: 'tazpod.mtu',
} as const;

export const appLabelValue = 'tazpod-desktop';

type Labels = Readonly<Record<string, string>> | null | undefined;

/** Whether something was made by this very installation. */
export function isOurs(given: Labels, installId: string): boolean {
  return given?.[labels.app] === appLabelValue && given[labels.install] === installId;
}

/** The project a container of ours belongs to; null for everything else. */
export function projectOf(given: Labels, installId: string): string | null {
  return isOurs(given, installId) ? (given?.[labels.project] ?? null) : null;
}
