import type { Difference, Grant } from '../../../preload/contract/snapshot.ts';
import { toCanonicalHash, type Json } from './canonical-json.ts';
import type { ProjectConfig } from './config.ts';

/**
 * The hash that a person's answer to the trust question binds to: what the config grants, for this very folder. What
 * the host happens to have, the order of keys and the app's version do not count.
 * @param folder canonical path
 * @returns SHA-256, 64 hex digits
 */
export function toTrustHash(config: ProjectConfig, folder: string): string {
  const granted: Json = {
    format: 1,
    folder,
    image: config.image,
    build: config.build,
    user: config.user,
    profile: config.profile,
    ssh: config.ssh,
    dns: config.dns,
    mtu: config.mtu,
    env: config.env,
    ports: config.ports
      .toSorted((one, other) => one.hostPort - other.hostPort)
      .map(({ hostPort, containerPort }) => [hostPort, containerPort]),
    setup: config.setup,
    caches: config.caches.toSorted(),
    shell: config.shell,
    awsSso: config.awsSso,
    prefix: config.sync.prefix,
    remote: config.sync.remote,
  };
  return toCanonicalHash(granted);
}

/** What changed between two trust questions, in the order of the later one; what is gone comes last. */
export function toDifferences(before: readonly Grant[], after: readonly Grant[]): readonly Difference[] {
  return toRecordDifferences(toValues(before), toValues(after));
}

/** Differences of two records, in the order of the later one; keys that are gone come last. */
export function toRecordDifferences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly Difference[] {
  const keys = new Set([...after.keys(), ...before.keys()]);
  return Array.from(keys, (key) => ({ key, before: before.get(key) ?? null, after: after.get(key) ?? null })).filter(
    (difference) => difference.before !== difference.after,
  );
}

function toValues(grants: readonly Grant[]): ReadonlyMap<string, string> {
  return new Map(grants.map(({ key, value }) => [key, value]));
}
