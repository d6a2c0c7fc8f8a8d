import type { Difference } from '../../../preload/contract/snapshot.ts';
import { toCanonicalHash } from './canonical-json.ts';
import type { ProjectConfig } from './config.ts';
import { toRecordDifferences } from './trust.ts';

/** What a config asks of the container itself, one text per key; a change means that only a rebuild brings it in. */
export type DriftFields = Readonly<Record<string, string>>;

/**
 * The config's part in what the container was made from. User, shell and setup are not in it, since they need no new
 * container; host facts and app versions never count.
 * @param containerName the name that the config (or its default) gives
 */
export function toDriftFields(config: ProjectConfig, containerName: string): DriftFields {
  const fields: [string, string][] = [
    ['image', config.image],
    ['container_name', containerName],
    ['profile', config.profile],
    ['dns', config.dns === 'host' ? 'host' : config.dns.join(', ')],
    ['network.mtu', config.mtu === null ? 'measured' : String(config.mtu)],
    ['ssh', config.ssh],
  ];
  if (config.build !== null) {
    fields.push(['build.dockerfile', config.build.dockerfile], ['build.context', config.build.context]);
  }
  for (const [name, value] of Object.entries(config.env)) fields.push([`env.${name}`, value]);
  for (const { hostPort, containerPort } of config.ports) fields.push([`ports.${hostPort}`, String(containerPort)]);
  for (const cache of config.caches) fields.push([`caches.${cache}`, 'kept']);
  return Object.fromEntries(fields);
}

/** SHA-256 over the fields, whatever their order: 64 hex digits, for the container's label. */
export function toDriftHash(fields: DriftFields): string {
  return toCanonicalHash(fields);
}

/** What the config asks for now against what the container was made from. */
export function toDriftDifferences(before: DriftFields, after: DriftFields): readonly Difference[] {
  return toRecordDifferences(new Map(Object.entries(before)), new Map(Object.entries(after)));
}
