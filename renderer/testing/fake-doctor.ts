import type { DoctorRow } from '../../preload/contract/doctor.ts';

const row = (
  id: string,
  area: DoctorRow['area'],
  title: string,
  result: DoctorRow['result'],
  detail: string,
  nextStep = '',
): DoctorRow => ({ id, area, title, result, detail, nextStep });

/** Rows of every result, with long names. */
export function fakeRows(hasProject: boolean, hasEngine: boolean): readonly DoctorRow[] {
  return [
    row('host', 'app', 'Host process', 'ok', 'app 0.1.0, Node 24.1.0, process 4242'),
    row('runtime', 'app', 'Window', 'ok', 'Electron 45.4.1'),
    row(
      'tray',
      'app',
      'Tray',
      'warning',
      'The desktop shows no tray icons, so closing the window minimises it.',
      'GNOME shows them with the extension AppIndicator; everything is also in the window.',
    ),
    ...(hasEngine
      ? [
          row('engine', 'engine', 'Engine', 'ok', 'mira-laptop 28.2.2, API 1.50, Debian GNU/Linux 12 (bookworm)'),
          row(
            'engine-endpoint',
            'engine',
            'Context and endpoint',
            'ok',
            'unix:///var/run/docker.sock (from context default)',
          ),
        ]
      : [
          row(
            'engine',
            'engine',
            'Engine',
            'problem',
            'No Docker engine answers.',
            'Start Docker (or Docker Desktop, Colima, OrbStack, Rancher Desktop, Podman); TazPod goes on by itself.',
          ),
          row('engine-permission', 'engine', 'Permission on the socket', 'unknown', 'No engine answers.'),
        ]),
    row('git', 'machine', 'Git identity', 'ok', 'Mira <mira@example.com>'),
    row(
      'swap',
      'machine',
      'Vault and swap',
      'warning',
      'Swap is on (/dev/nvme0n1p3), and before Linux 6.4 an open vault can reach it: what it holds may be written to the disk.',
      'Encrypt the swap, or turn it off: "sudo swapoff -a".',
    ),
    ...(hasProject
      ? [
          row(
            'config',
            'project',
            'Config',
            'problem',
            '/home/mira/code/acme-api/.tazpod/config.yaml:7:12: network.mtu: found "big"; allowed: a whole number from 576 to 9216',
            'Correct the file and try again.',
          ),
          row(
            'ssh-key',
            'project',
            'SSH key',
            'warning',
            `ssh inside refuses /home/mira/.ssh/${'very-long-key-name-'.repeat(6)}id_ed25519: its mode 0644 lets others read it.`,
            'chmod 600 /home/mira/.ssh/id_ed25519',
          ),
          row('mtu', 'project', 'MTU', 'ok', '1500 in the container; the way out takes 1500.'),
          row(
            'tls',
            'project',
            'TLS from inside',
            'problem',
            "registry-1.docker.io (the image's registry) shakes hands with this machine in 31 ms, but not with the container: TCP connects, the hello is sent, and none of the answer came within 5 s. That is how it looks where packets of 1500 bytes, its network's MTU, get lost on the way.",
            'Try "network: { mtu: 1280 }" in .tazpod/config.yaml, which every way should carry (the largest that fits was not measured); then "tazpod restart", and ask again.',
          ),
        ]
      : []),
  ];
}
