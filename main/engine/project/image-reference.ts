/**
 * Image references by the grammar of distribution/reference (reference.go, normalize.go), the one `docker pull` uses.
 * Written out by component instead of as one pattern: the published pattern backtracks exponentially in JavaScript.
 */

/** A reference in its parts, normalised: `alpine` has the domain `docker.io` and the path `library/alpine`. */
export interface ImageReference {
  readonly domain: string;
  readonly path: string;
  readonly tag: string | null;
  /** `algorithm:hex`. */
  readonly digest: string | null;
}

const maxNameLength = 255;
const defaultDomain = 'docker.io';
const domainComponent = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/;
const ipv6Host = /^\[[a-fA-F0-9:]+\]$/;
const pathComponent = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}$/;
const digestPattern = /^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/;
/** Looks like an image id; refused as a name by Docker too. */
const bareIdentifier = /^[a-f0-9]{64}$/;

function isDomain(text: string): boolean {
  const match = /^(.*?)(?::([0-9]+))?$/s.exec(text);
  const host = match?.[1] ?? '';
  return ipv6Host.test(host) || host.split('.').every((component) => domainComponent.test(component));
}

/** `docker.io/a/b` and `a/b` alike become domain and path. The first component is a domain only if it looks like one. */
function splitName(name: string): { readonly domain: string; readonly path: string } {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const isHost = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  const domain = isHost && first !== 'index.docker.io' ? first : defaultDomain;
  const path = isHost ? name.slice(slash + 1) : name;
  return { domain, path: domain === defaultDomain && !path.includes('/') ? `library/${path}` : path };
}

/**
 * Parses an image reference.
 * @returns null where it is none
 */
export function parseImageReference(text: string): ImageReference | null {
  if (text.length > 1024 || bareIdentifier.test(text)) return null;
  const at = text.indexOf('@');
  const digest = at === -1 ? null : text.slice(at + 1);
  if (digest !== null && !digestPattern.test(digest)) return null;
  const tagged = at === -1 ? text : text.slice(0, at);
  const colon = tagged.lastIndexOf(':');
  const hasTag = colon > tagged.lastIndexOf('/');
  const tag = hasTag ? tagged.slice(colon + 1) : null;
  if (tag !== null && !tagPattern.test(tag)) return null;
  const { domain, path } = splitName(hasTag ? tagged.slice(0, colon) : tagged);
  if (!isDomain(domain) || !path.split('/').every((component) => pathComponent.test(component))) return null;
  if (domain.length + 1 + path.length > maxNameLength) return null;
  return { domain, path, tag, digest };
}

/** Whether the text is an image reference; never true for one that begins with a hyphen. */
export function isImageReference(text: string): boolean {
  return parseImageReference(text) !== null;
}

/**
 * The reference as Docker shows it: without the default domain and `library/`, and with `:latest` where neither tag
 * nor digest is given. Two references that name the same image become the same text.
 */
export function toDisplayReference(reference: ImageReference): string {
  const inHub = reference.domain === defaultDomain;
  const isOfficial = inHub && /^library\/[^/]+$/.test(reference.path);
  const path = isOfficial ? reference.path.slice('library/'.length) : reference.path;
  const name = inHub ? path : `${reference.domain}/${path}`;
  const tag = reference.tag ?? (reference.digest === null ? 'latest' : null);
  return `${name}${tag === null ? '' : `:${tag}`}${reference.digest === null ? '' : `@${reference.digest}`}`;
}
