import { parseImageReference } from '../project/image-reference.ts';
import type { ProjectConfig } from '../project/config.ts';

/** A host that a project speaks TLS with anyway. */
export interface TlsTarget {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** What it is for the project. */
  readonly what: 'remote' | 'registry';
}

type Asked = Pick<ProjectConfig, 'sync' | 'awsSso' | 'image' | 'build'>;

/**
 * Where doctor may try a TLS handshake for a project: its remote, else the registry that its image came from; null where
 * there is neither, since nothing else is asked that the person does not know of. Pure.
 * @param isFromRegistry whether the image on this machine was pulled
 */
export function toTlsTarget(config: Asked, isFromRegistry: boolean): TlsTarget | null {
  return toRemoteTarget(config) ?? (isFromRegistry && config.build === null ? toRegistryTarget(config.image) : null);
}

function toRemoteTarget({ sync: { remote }, awsSso }: Asked): TlsTarget | null {
  if (remote?.type === 'folder') return null;
  const endpoint = remote?.endpoint ?? null;
  if (endpoint !== null) return endpoint.startsWith('http:') ? null : toTarget(endpoint, 'remote');
  if (remote === null && (awsSso?.bucket ?? null) === null) return null;
  const region = remote === null ? (awsSso?.region ?? null) : remote.region;
  // Without a region, the address that answers for all of them.
  const host =
    region === null ? 's3.amazonaws.com' : `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  return { host, port: 443, what: 'remote' };
}

function toRegistryTarget(image: string): TlsTarget | null {
  const reference = parseImageReference(image);
  if (reference === null) return null;
  return toTarget(
    `https://${reference.domain === 'docker.io' ? 'registry-1.docker.io' : reference.domain}`,
    'registry',
  );
}

function toTarget(url: string, what: TlsTarget['what']): TlsTarget {
  const { hostname, port } = new URL(url);
  return {
    host: hostname.replace(/^\[(?<address>.*)\]$/u, '$<address>'),
    port: port === '' ? 443 : Number(port),
    what,
  };
}
