import { isIP } from 'node:net';
import type { PortMapping } from './config.ts';
import { fieldsOf, listOf, oneOf, refuseNode, textOf, unlessEmpty, wholeNumber, type Check } from './config-checks.ts';
import { describeNode, type ConfigNode } from './config-tree.ts';
import type { Findings } from './findings.ts';
import { isContainerName } from './id.ts';
import { isImageReference } from './image-reference.ts';

/** The checks of the keys that shape the container. Nothing that fails one of them reaches a shell or an argv. */

const maxUserId = 4_294_967_294;

const controlCharacter = /\p{Cc}/u;
/** For values that may have several lines. */
const controlCharacterButLineBreak = /[\p{Cc}--[\t\n]]/v;

export const imageAllowed = 'an image reference, for example tazzo/tazpod-ai:latest';
export const checkImage = textOf(isImageReference, imageAllowed);

export const checkContainerName = unlessEmpty(
  textOf(isContainerName, '2 to 63 letters, digits, _ . and -, beginning with a letter or digit'),
);

/** Whether a text is a user of exec sessions: a name, a uid, or `uid:gid`. */
export function isUser(text: string): boolean {
  if (/^[a-z_][a-z0-9_-]{0,31}$/.test(text)) return true;
  return /^[0-9]{1,10}(?::[0-9]{1,10})?$/.test(text) && text.split(':').every((id) => Number(id) <= maxUserId);
}

export const checkUser: Check<string> = (node, key, findings) => {
  if (node.kind === 'text' && node.text === '') return undefined;
  const text = node.kind === 'text' || node.kind === 'number' ? node.text : '';
  return isUser(text) ? text : refuseNode(node, key, findings, 'a user name of the image, a uid, or uid:gid');
};

/** A path below the project folder as far as its spelling goes; symlinks on the way are the build's to check. */
function isInnerPath(text: string): boolean {
  return (
    text.length <= 1024 &&
    !/^[-~/]|\\|:|^$/.test(text) &&
    !controlCharacter.test(text) &&
    !text.split('/').includes('..')
  );
}

const innerPath = unlessEmpty(textOf(isInnerPath, 'a relative path inside the project folder, without ".."'));
export const checkBuild = fieldsOf({ dockerfile: innerPath, context: innerPath });

export const checkProfile = oneOf('standard', 'hardened');
export const checkSsh = oneOf('read-only', 'agent', 'none');

const dnsAllowed = 'a list of 1 to 8 IP addresses, or host';
const addressList = listOf(
  textOf((text) => isIP(text) !== 0 && !text.includes('%'), 'an IPv4 or IPv6 address'),
  { max: 8, allowed: dnsAllowed },
);

export const checkDns: Check<readonly string[] | 'host'> = (node, key, findings) => {
  if (node.kind === 'text' && node.text === 'host') return 'host';
  if (node.kind !== 'list' || node.items.length === 0) return refuseNode(node, key, findings, dnsAllowed);
  return addressList(node, key, findings);
};

/** IPv6 does not work below this (RFC 8200, section 5). */
const minIpv6Mtu = 1280;
const mtuRange = wholeNumber(576, 9216);

const checkMtu: Check<number> = (node, key, findings) => {
  const mtu = mtuRange(node, key, findings);
  if (mtu !== undefined && mtu < minIpv6Mtu) findings.warn(node, `${key} is below ${minIpv6Mtu}, which IPv6 needs`);
  return mtu;
};

export const checkNetwork = fieldsOf({ mtu: checkMtu }, 'a map with mtu; no config can choose the kind of network');

const reservedEnvNames: ReadonlySet<string> = new Set(['HOST_CWD', '__proto__']);

export const checkEnv: Check<Readonly<Record<string, string>>> = (node, key, findings) => {
  if (node.kind !== 'map') return refuseNode(node, key, findings, 'a map of NAME: value');
  const values: [string, string][] = [];
  for (const entry of node.entries) {
    const path = `${key}.${entry.key}`;
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,255}$/.test(entry.key)) {
      findings.refuse(entry, path, 'this name', 'names of letters, digits and _, not beginning with a digit');
    } else if (reservedEnvNames.has(entry.key)) {
      findings.refuse(entry, path, 'a reserved name', 'another name: TazPod sets this one itself');
    } else {
      const value = toEnvValue(entry.value, path, findings);
      if (value !== undefined) values.push([entry.key, value]);
    }
  }
  return Object.fromEntries(values);
};

function toEnvValue(node: ConfigNode, key: string, findings: Findings): string | undefined {
  const allowed = 'text without control characters, a number, true or false; "" for an empty value';
  if (node.kind === 'number' || node.kind === 'boolean') return node.text;
  if (node.kind !== 'text' || controlCharacterButLineBreak.test(node.text)) {
    return refuseNode(node, key, findings, allowed);
  }
  return node.text;
}

const portsAllowed = 'a list of ports (3000) or host:container pairs ("8080:80"), each from 1 to 65535';
const portList = listOf<PortMapping & { readonly node: ConfigNode }>(
  (node, key, findings) => {
    const match =
      node.kind === 'text' || node.kind === 'number' ? /^([0-9]{1,5})(?::([0-9]{1,5}))?$/.exec(node.text) : null;
    const hostPort = Number(match?.[1] ?? 0);
    const containerPort = Number(match?.[2] ?? hostPort);
    const inRange = [hostPort, containerPort].every((port) => port >= 1 && port <= 65_535);
    return inRange ? { hostPort, containerPort, node } : refuseNode(node, key, findings, portsAllowed);
  },
  { max: 100, allowed: portsAllowed },
);

export const checkPorts: Check<readonly PortMapping[]> = (node, key, findings) => {
  const ports = portList(node, key, findings);
  const taken = new Set<number>();
  for (const { hostPort, node: place } of ports ?? []) {
    if (taken.has(hostPort)) {
      findings.refuse(place, key, `the host port ${hostPort} a second time`, 'each host port once');
    }
    taken.add(hostPort);
  }
  return ports?.map(({ hostPort, containerPort }) => ({ hostPort, containerPort }));
};

/** Whether a text is a shell to run: an absolute path or a plain name. */
function isShell(text: string): boolean {
  return (
    text.length <= 255 &&
    /^(?:\/[A-Za-z0-9_.+@-]+)+$|^[A-Za-z0-9_.+][A-Za-z0-9_.+-]*$/.test(text) &&
    !text.split('/').includes('..')
  );
}

export const checkShell = unlessEmpty(textOf(isShell, 'an absolute path or a plain name, for example /bin/zsh or zsh'));

export const checkSetup = unlessEmpty(
  textOf(
    (text) => text.length <= 4096 && text.trim() !== '' && !controlCharacterButLineBreak.test(text),
    'a command of at most 4096 characters',
  ),
);

/** Where a volume would hide what TazPod or the engine puts there. */
const heldPath = /^\/(?:proc|sys|dev)(?:\/|$)|^(?:~|\/home\/tazpod)\/(?:secrets|\.aws|\.ssh)(?:\/|$)|^\/workspace$/;

function isCachePath(text: string): boolean {
  const parts = text.replace(/\/$/, '').split('/').slice(1);
  return (
    text.length <= 512 &&
    /^~?\//.test(text) &&
    !controlCharacter.test(text) &&
    parts.length > 0 &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..') &&
    !heldPath.test(text.replace(/\/$/, ''))
  );
}

const cachesAllowed = 'a list of paths in the container, absolute or beginning with ~/, without ".."';
const cacheList = listOf(
  (node: ConfigNode, key, findings) =>
    node.kind === 'text' && isCachePath(node.text)
      ? { path: node.text.replace(/\/$/, ''), node }
      : refuseNode(node, key, findings, `${cachesAllowed}; not the workspace, ~/.ssh, ~/.aws or ~/secrets`),
  { max: 32, allowed: cachesAllowed },
);

export const checkCaches: Check<readonly string[]> = (node, key, findings) => {
  const caches = cacheList(node, key, findings);
  const taken = new Set<string>();
  for (const { path, node: place } of caches ?? []) {
    if (taken.has(path)) findings.refuse(place, key, `${describeNode(place)} a second time`, 'each path once');
    taken.add(path);
  }
  return caches?.map(({ path }) => path);
};
