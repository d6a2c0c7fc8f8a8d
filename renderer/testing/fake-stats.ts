import type { StatsSample } from '../../preload/contract/stats.ts';

/** A minute and a half of a build, one sample a second, the newest now. */
export function fakeSamples(): readonly StatsSample[] {
  const count = 90;
  const nowMs = Date.now();
  return Array.from({ length: count }, (_, at) => ({
    atMs: nowMs - (count - 1 - at) * 1000,
    cpuCores: at < 30 ? 0.02 : 1.6 + Math.sin(at / 4) * 0.5,
    cpuLimitCores: 8,
    memoryBytes: 180e6 + Math.max(0, at - 30) * 9e6,
    memoryLimitBytes: 16.6e9,
  }));
}
