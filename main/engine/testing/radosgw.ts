import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { randomUUID } from 'node:crypto';

const run = promisify(execFile);
const tools = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph', 'radosgw-admin'];
const isThere = tools.every((tool) =>
  (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(path.join(folder, tool))),
);
/** Why tests of the real service can't run here; empty where they can. For their names. */
export const needsRadosgw = isThere ? '' : ' (skipped: radosgw is not installed)';

/** A real S3 service of its own on this machine. */
export interface TestRadosgw {
  readonly endpoint: string;
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Ends the service at once, as a power cut would; what it stored stays. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a monitor, one store in memory and the gateway. Takes some ten seconds. */
export async function startRadosgw(): Promise<TestRadosgw> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tazpod-rgw-'));
  const [monV2 = 0, monV1 = 0, gatewayPort = 0] = await freePorts(3);
  const conf = path.join(folder, 'ceph.conf');
  const fsid = randomUUID();
  for (const name of ['mon', 'osd', 'run', 'rgw']) await mkdir(path.join(folder, name));
  await writeFile(conf, toConf({ folder, fsid, monV2, monV1, gatewayPort }));
  const call = async (command: string, ...args: readonly string[]): Promise<string> =>
    (await run(command, ['-c', conf, ...args], { timeout: 60_000 })).stdout;
  const children: ChildProcess[] = [];
  const begin = (command: string, ...args: readonly string[]): ChildProcess => {
    const child = spawn(command, ['-c', conf, '-f', ...args], { stdio: 'ignore' });
    children.push(child);
    return child;
  };
  const keyring = path.join(folder, 'keyring');
  const caps = ['mon', 'osd', 'mgr', 'mds'].flatMap((name) => ['--cap', name, 'allow *']);
  await run('ceph-authtool', ['--create-keyring', keyring, '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *']);
  await run('ceph-authtool', [keyring, '--gen-key', '-n', 'client.admin', ...caps]);
  const monmap = path.join(folder, 'monmap');
  await run('monmaptool', [
    '--create',
    '--fsid',
    fsid,
    '--addv',
    'a',
    `[v2:127.0.0.1:${monV2},v1:127.0.0.1:${monV1}]`,
    monmap,
  ]);
  await call('ceph-mon', '--mkfs', '-i', 'a', '--monmap', monmap, '--keyring', keyring);
  begin('ceph-mon', '-i', 'a');
  const osdId = randomUUID();
  await call('ceph', 'osd', 'new', osdId);
  const osdCaps = ['mon', 'allow profile osd', 'mgr', 'allow profile osd', 'osd', 'allow *'];
  await call('ceph', 'auth', 'get-or-create', 'osd.0', ...osdCaps, '-o', path.join(folder, 'osd/keyring'));
  await call('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', osdId);
  begin('ceph-osd', '-i', '0');
  await call('ceph', 'osd', 'crush', 'add', 'osd.0', '1.0', 'root=default', 'host=h');
  const endpoint = `http://127.0.0.1:${gatewayPort}`;
  let gateway: ChildProcess;
  const start = async (): Promise<void> => {
    gateway = begin('radosgw', '-n', 'client.admin');
    await answers(endpoint, gateway);
  };
  await start();
  const keys = { accessKeyId: 'AKIATAZPOD', secretAccessKey: randomUUID() };
  const user = [
    '--uid=tazpod',
    '--display-name=TazPod',
    `--access-key=${keys.accessKeyId}`,
    `--secret=${keys.secretAccessKey}`,
  ];
  await call('radosgw-admin', 'user', 'create', ...user);
  return {
    endpoint,
    keys,
    start,
    stop: async () => await end(gateway),
    close: async () => {
      for (const child of children.toReversed()) await end(child);
      await rm(folder, { recursive: true });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** It tells nobody when it is ready, so it is asked. */
async function answers(endpoint: string, gateway: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (gateway.exitCode !== null) throw new Error(`radosgw ended with ${gateway.exitCode}`);
    if ((await fetch(endpoint).catch(() => null)) !== null) return;
    await delay(100);
  }
  throw new Error('radosgw does not answer');
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  for (const server of servers) if (!server.listening) await once(server, 'listening');
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) {
    server.close();
    await once(server, 'close');
  }
  return ports;
}

interface Conf {
  readonly folder: string;
  readonly fsid: string;
  readonly monV2: number;
  readonly monV1: number;
  readonly gatewayPort: number;
}

function toConf({ folder, fsid, monV2, monV1, gatewayPort }: Conf): string {
  return `[global]
fsid = ${fsid}
mon host = [v2:127.0.0.1:${monV2},v1:127.0.0.1:${monV1}]
ms bind ipv4 = true
osd pool default size = 1
osd pool default min size = 1
osd crush chooseleaf type = 0
mon allow pool size one = true
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
mon max pg per osd = 1000
run dir = ${folder}/run
admin socket = ${folder}/run/$name.$pid.asok
log file = /dev/null
osd objectstore = memstore
memstore device bytes = 1073741824
osd data = ${folder}/osd
mon data = ${folder}/mon
osd memory target = 939524096
osd class load list = *
osd class default list = *
[client]
keyring = ${folder}/keyring
rgw frontends = beast endpoint=127.0.0.1:${gatewayPort}
rgw data = ${folder}/rgw
`;
}
