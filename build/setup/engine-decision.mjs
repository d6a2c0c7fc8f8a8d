/**
 * What is known about this machine when no engine answers.
 * @typedef {object} Facts
 * @property {NodeJS.Platform} platform
 * @property {number | undefined} uid undefined on Windows
 * @property {boolean} aptGet
 * @property {readonly string[]} packages installed packages that are, or belong to, a container engine
 * @property {boolean} dockerd the program is there, from a package or not
 * @property {boolean} iptables
 * @property {boolean} ip the program of iproute2
 * @property {boolean} tty a person can be asked
 * @property {boolean} ci
 * @property {string | undefined} answer TAZPOD_SETUP_ENGINE: `yes` or `no`, given in advance
 * @property {{ pid: number, host: string } | undefined} unknownDaemon a dockerd on this host's network whose socket is none of the usual ones
 * @property {string | undefined} chosenEngine what the person has named as the engine (DOCKER_HOST or DOCKER_CONTEXT)
 */

/**
 * @typedef {{ action: 'start' }
 *   | { action: 'install', packages: string[], ask: boolean }
 *   | { action: 'none', reason: string, nextStep: string }} Decision
 */

/** Packages that are an engine of their own, or conflict with Debian's docker.io. dockerd itself may come from docker.io. */
export const enginePackages = [
  'docker-ce',
  'docker-ce-cli',
  'docker-ee',
  'docker-engine',
  'docker-desktop',
  'moby-engine',
  'moby-containerd',
  'containerd.io',
  'podman',
  'podman-docker',
  'docker.io',
];

/** Podman runs no daemon, and neither its packages nor its rules are docker.io's: a private dockerd is in nobody's way there. @param {string} name */
const isPodman = (name) => name.startsWith('podman');

/**
 * Whether set-up may start an engine of its own, and what it has to install first. Nothing where a Docker package of another kind is
 * there: it would be replaced, or two would fight over the same rules. Beside a Podman that does not answer, a dockerd that is there is
 * started, but none is installed.
 * @param {Facts} facts
 * @returns {Decision}
 */
export function decideEngine(facts) {
  const foreign = facts.packages.filter((name) => name !== 'docker.io' && !isPodman(name));
  const podman = facts.packages.filter(isPodman);
  if (facts.answer === 'no') return none('TAZPOD_SETUP_ENGINE=no', whatToRun(facts));
  if (facts.chosenEngine !== undefined) {
    return none(
      `${facts.chosenEngine} names an engine that does not answer, and another is not put in its place`,
      'start that engine, or unset the variable',
    );
  }
  if (facts.unknownDaemon !== undefined) {
    const { pid, host } = facts.unknownDaemon;
    return none(
      `a dockerd runs already (process ${pid}), and a second one would remove the packet filter rules of its networks`,
      `use that one: set DOCKER_HOST=${host}, then run the same command again`,
    );
  }
  if (facts.platform !== 'linux') return none('set-up starts an engine on Linux only', whatToRun(facts));
  if (foreign.length > 0) {
    return none(
      `${foreign.join(', ')} is installed but no engine answers, and set-up never adds a second one`,
      'start it: systemctl start docker',
    );
  }
  if (podman.length > 0 && !facts.dockerd) {
    return none(
      `${podman.join(', ')} is installed but no engine answers, and set-up installs none beside it`,
      'start it: systemctl --user enable --now podman.socket (as root: systemctl enable --now podman.socket); or install docker.io ' +
        'yourself: set-up starts a private engine with it',
    );
  }
  if (facts.uid !== 0) return none('set-up installs and starts an engine as root only', whatToRun(facts));
  const packages = [
    ...(facts.dockerd ? [] : ['docker.io']),
    ...(facts.iptables ? [] : ['iptables']),
    ...(facts.ip ? [] : ['iproute2']),
  ];
  if (packages.length === 0) return { action: 'start' };
  if (!facts.aptGet)
    return none(`${packages.join(', ')} is missing, and set-up installs with apt-get only`, whatToRun(facts));
  return { action: 'install', packages, ask: facts.tty && !facts.ci && facts.answer !== 'yes' };
}

/** How a person gets an engine on this kind of system. @param {Pick<Facts, 'platform' | 'uid' | 'aptGet' | 'packages'>} facts */
export function whatToRun({ platform, uid, aptGet, packages }) {
  if (platform === 'darwin')
    return 'install and start Docker Desktop, OrbStack or Colima (brew install colima docker && colima start)';
  if (platform === 'win32') return 'install and start Docker Desktop or Rancher Desktop';
  const sudo = uid === 0 ? '' : 'sudo ';
  const joinGroup = uid === 0 ? '' : ', then sudo usermod -aG docker "$USER" and log in again';
  if (packages.includes('docker.io')) return `${sudo}systemctl start docker${joinGroup}`;
  if (aptGet) return `${sudo}apt-get install docker.io${joinGroup}`;
  return `install Docker Engine or Podman with this system's package manager (Fedora: ${sudo}dnf install podman && systemctl --user enable --now podman.socket)`;
}

/** @param {string} reason @param {string} nextStep @returns {Decision} */
function none(reason, nextStep) {
  return { action: 'none', reason, nextStep };
}
