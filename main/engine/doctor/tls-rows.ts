import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import { assertNever } from '../assert-never.ts';
import { rowsOf } from './row.ts';
import type { TlsFacts } from './tls-facts.ts';
import type { Handshake } from './tls-handshake.ts';
import type { TlsTarget } from './tls-target.ts';

type Result = DoctorRow['result'];
type Compared = Extract<TlsFacts, { status: 'compared' }>;

const row = (result: Result, detail: string, nextStep = ''): DoctorRow =>
  rowsOf('project').row('tls', 'TLS from inside', result, detail, nextStep);

/** IPv6 asks every way to carry packets of so many bytes (RFC 8200, section 5). */
const safeMtu = 1280;

/**
 * What two handshakes on two ways tell. It says what was measured; that large packets are lost is told as what it looks
 * like. Pure.
 * @param mtu of the container's network; null where it is none of ours
 */
export function toTlsRow(facts: TlsFacts, mtu: number | null): DoctorRow {
  switch (facts.status) {
    case 'no-target':
      return row(
        'unknown',
        'Not compared: the config names no remote over https, and the image came from no registry.',
      );
    case 'not-trusted':
      return row('unknown', 'Not compared: no host that a config names is asked before you allow the config.');
    case 'not-running':
      return row(
        'unknown',
        `The container does not run; in one that does, doctor compares a handshake with ${nameOf(facts)}.`,
      );
    case 'not-comparable':
      return row('unknown', `Not compared with ${nameOf(facts)}: ${facts.reason}.`);
    case 'no-tool':
      return row(
        'unknown',
        `Not compared with ${nameOf(facts)}: the image has neither bash nor netcat, so nothing inside could connect.`,
        'Use an image that has one of them.',
      );
    case 'compared':
      return toComparedRow(facts, mtu);
    default:
      return assertNever(facts);
  }
}

function nameOf({ target: { host, port, what } }: { readonly target: TlsTarget }): string {
  return `${host}${port === 443 ? '' : `:${port}`} (${what === 'remote' ? 'the remote' : "the image's registry"})`;
}

function toComparedRow(facts: Compared, mtu: number | null): DoctorRow {
  const { host, inside } = facts;
  const name = nameOf(facts);
  if (host.status !== 'complete') {
    const detail = `Not compared: this machine itself gets no TLS handshake from ${name}: ${toReason(host)}.`;
    return row('unknown', detail, 'Check this machine’s network, then ask again. Proxies are not used for this.');
  }
  const works = `${name} shakes hands with this machine in ${host.ms} ms`;
  switch (inside.status) {
    case 'complete':
      return row('ok', `${works}, and with the container in ${inside.ms} ms.`);
    case 'silent':
      return toSilentRow(works, inside, mtu);
    case 'unconnected':
    case 'refused':
      return row(
        'warning',
        `${works}, but not with the container: ${toReason(inside)}.`,
        'Look for a firewall, VPN or proxy that lets this machine out and containers not.',
      );
    default:
      return assertNever(inside);
  }
}

function toSilentRow(works: string, inside: Extract<Handshake, { status: 'silent' }>, mtu: number | null): DoctorRow {
  const detail = `${works}, but not with the container: ${toReason(inside)}.`;
  const size = mtu === null ? 'of full size' : `of ${mtu} bytes, its network's MTU,`;
  if (mtu !== null && mtu <= safeMtu) {
    const nextStep = `Packets ${size} should fit every way: look for a firewall or VPN between, or try a smaller "network: { mtu: N }".`;
    return row('problem', detail, nextStep);
  }
  return row(
    'problem',
    `${detail} That is how it looks where packets ${size} get lost on the way.`,
    `Try "network: { mtu: ${safeMtu} }" in .tazpod/config.yaml, which every way should carry (the largest that fits was not measured); then "tazpod restart", and ask again.`,
  );
}

function toReason(handshake: Exclude<Handshake, { status: 'complete' }>): string {
  if (handshake.status !== 'silent') return handshake.reason.replace(/\.$/u, '');
  const { isConnected, receivedBytes } = handshake;
  const came = receivedBytes === 0 ? 'none of the answer' : `only ${receivedBytes} bytes of the answer`;
  const connected = isConnected === true ? 'TCP connects, the hello is sent, and' : 'the hello is sent, and';
  return `${connected} ${came} came within 5 s`;
}
