import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import type { PublishedPort } from '../../../preload/contract/snapshot.ts';
import type { SshProblem } from '../inside/ssh-files.ts';
import type { InsideFacts } from './inside-facts.ts';
import { rowsOf } from './row.ts';

const { row } = rowsOf('project');

/** What a project's container has, or would have, of this machine. Pure. @param published ports of the running container */
export function toInsideRows(
  facts: InsideFacts,
  privateResolvers: readonly string[],
  published: readonly PublishedPort[],
): readonly DoctorRow[] {
  return [
    toImageRow(facts),
    toUserIdRow(facts),
    ...toSshRows(facts),
    toDnsRow(facts, privateResolvers),
    ...toPortRows(facts, published),
  ];
}

function toImageRow({ config, image }: InsideFacts): DoctorRow {
  if (image !== null) {
    const digest = image.registryDigest === null ? '' : `, from the registry as ${image.registryDigest}`;
    return row('image', 'Image', 'ok', `${config.image} is on this machine: ${image.id.slice(0, 19)}${digest}.`);
  }
  const nextStep =
    config.build === null
      ? `"tazpod up" pulls it; "tazpod image pull ${config.image}" does so now.`
      : '"tazpod up" builds it.';
  return row('image', 'Image', 'warning', `${config.image} is not on this machine.`, nextStep);
}

function toUserIdRow({ ids, ownerUid, ownUid, config }: InsideFacts): DoctorRow {
  if (ids === null) {
    return row('user-ids', 'User ids', 'ok', "The image's own; the engine or the system maps owners.");
  }
  const detail = `${config.user} has ${ids.uid}:${ids.gid} inside`;
  if (ids.uid !== ownerUid) {
    return row(
      'user-ids',
      'User ids',
      'warning',
      `${detail}, but the folder belongs to uid ${ownerUid}: files made inside will not be theirs.`,
      'Name a user of the image in "user:"; it gets the ids of the folder\'s owner.',
    );
  }
  if (ownUid !== null && ownUid !== 0 && ownUid !== ownerUid) {
    return row(
      'user-ids',
      'User ids',
      'warning',
      `${detail}, as the folder's owner; you are uid ${ownUid}, so files made inside are not yours.`,
      'Give the folder to yourself (sudo chown -R "$USER" FOLDER), or work as its owner.',
    );
  }
  return row('user-ids', 'User ids', 'ok', `${detail}, so files made there belong to the folder's owner.`);
}

function toSshRows({ config, ssh }: InsideFacts): readonly DoctorRow[] {
  if (config.ssh === 'none') return [row('ssh', 'SSH keys', 'ok', 'Not shown inside (ssh: none).')];
  const copy = ssh.usesCopy ? ' A corrected copy of its config is used inside.' : '';
  const folder =
    ssh.folder === null
      ? row('ssh', 'SSH keys', 'ok', `${config.ssh}, once there is a ~/.ssh.`)
      : row('ssh', 'SSH keys', 'ok', `${ssh.folder}, read-only inside.${copy}`);
  const toWarning = (id: string, title: string, { what, nextStep }: SshProblem): DoctorRow =>
    row(id, title, 'warning', what, nextStep);
  return [
    folder,
    ...ssh.keyProblems.map((problem) => toWarning('ssh-key', 'SSH key', problem)),
    ...(config.ssh !== 'agent'
      ? []
      : [
          ssh.agent === null
            ? row('ssh-agent', 'SSH agent', 'ok', 'Forwarded.')
            : toWarning('ssh-agent', 'SSH agent', ssh.agent),
        ]),
  ];
}

function toDnsRow({ config: { dns } }: InsideFacts, privateResolvers: readonly string[]): DoctorRow {
  if (dns === 'host') return row('dns', 'DNS', 'ok', "The engine's own settings (dns: host).");
  const servers = dns.join(', ');
  if (privateResolvers.length === 0) return row('dns', 'DNS', 'ok', servers);
  return row(
    'dns',
    'DNS',
    'warning',
    `Names go to ${servers}, but your machine resolves through ${privateResolvers.join(', ')}: names known only there are not found inside.`,
    'Set "dns: host" in .tazpod/config.yaml, or "dns:" to those servers.',
  );
}

function toPortRows(facts: InsideFacts, published: readonly PublishedPort[]): readonly DoctorRow[] {
  const { config, takenPorts } = facts;
  if (published.length > 0) {
    const shown = published.map(({ hostPort, containerPort }) => `localhost:${hostPort} -> ${containerPort}`);
    return [row('ports', 'Ports', 'ok', shown.join(', '))];
  }
  if (config.ports.length === 0) return [row('ports', 'Ports', 'ok', 'None published.')];
  if (takenPorts.length === 0) {
    const wanted = config.ports.map(({ hostPort, containerPort }) => `localhost:${hostPort} -> ${containerPort}`);
    return [row('ports', 'Ports', 'ok', `${wanted.join(', ')}, once it runs.`)];
  }
  return takenPorts.map(({ port, holder }) =>
    row(
      'ports',
      'Ports',
      'warning',
      `Port ${port} of this machine is taken by ${holder}, so the container will not start.`,
      `End that, or publish another one in .tazpod/config.yaml.`,
    ),
  );
}
