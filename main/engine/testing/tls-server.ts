import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { createServer } from 'node:tls';

/** A TLS server on all of this machine's addresses, whose certificate fills several packets. */
export interface TestTlsServer {
  /** An address that containers reach as well. */
  readonly address: string;
  readonly port: number;
  /** Connections so far. */
  readonly connections: () => number;
  close(): Promise<void>;
}

export async function startTlsServer(): Promise<TestTlsServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tazpod-tls-'));
  const file = (name: string): string => path.join(folder, name);
  // As long as a chain of a public authority, or longer: its bytes never fit one packet.
  const names = Array.from({ length: 150 }, (_one, at) => `DNS:host-${at}.with-a-long-name.example.com`).join(',');
  const subject = ['-subj', '/CN=test', '-addext', `subjectAltName=${names}`];
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', file('key'), '-days', '1'];
  execFileSync('openssl', ['req', '-x509', ...key, '-out', file('cert'), ...subject], { stdio: 'ignore' });
  const server = createServer({ key: readFileSync(file('key')), cert: readFileSync(file('cert')) });
  rmSync(folder, { recursive: true });
  let connections = 0;
  server.on('connection', () => connections++);
  server.on('tlsClientError', () => undefined);
  server.on('secureConnection', (socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  return {
    address: findOwnAddress(),
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    close: async () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

/** Any address of this machine but loopback: a container's way to each of them ends here. */
function findOwnAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  const found = all.find(
    ({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'),
  );
  if (found === undefined) throw new Error('this machine has no address but loopback');
  return found.address;
}
