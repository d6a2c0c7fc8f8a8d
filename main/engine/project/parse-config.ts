import type { ConfigProblem } from '../../../preload/contract/errors.ts';
import { defaultDns, defaultUser, type ProjectConfig } from './config.ts';
import { fieldsOf, ineffective, refuseNode, requireKey, type Check, type FieldValues } from './config-checks.ts';
import * as container from './container-keys.ts';
import { Findings } from './findings.ts';
import { checkAwsSso, checkSync, checkVault, defaultVaultRetention } from './sync-keys.ts';
import { parseYamlSource } from './yaml-source.ts';

/** What a config file says, or all that is wrong with it. */
export type ConfigResult =
  | {
      readonly ok: true;
      readonly config: ProjectConfig;
      /** `file:line:column: text`, sorted by place. */
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

const defaultIntervalSeconds = 300;
const defaultDockerfile = 'Dockerfile';

const checkMode: Check<'docker'> = (node, key, findings) => {
  if (node.kind === 'text' && node.text === 'docker') return 'docker';
  const isLxc = node.kind === 'text' && node.text.toLowerCase() === 'lxc';
  return refuseNode(node, key, findings, isLxc ? 'docker: lxc is not supported by TazPod Desktop' : 'docker');
};

const fields = {
  version: ineffective,
  mode: checkMode,
  image: container.checkImage,
  container_name: container.checkContainerName,
  user: container.checkUser,
  ghost_mode: ineffective,
  features: ineffective,
  build: container.checkBuild,
  aws_sso: checkAwsSso,
  vault: checkVault,
  providers: ineffective,
  profile: container.checkProfile,
  dns: container.checkDns,
  network: container.checkNetwork,
  ssh: container.checkSsh,
  env: container.checkEnv,
  ports: container.checkPorts,
  shell: container.checkShell,
  setup: container.checkSetup,
  caches: container.checkCaches,
  sync: checkSync,
};

const checkFile = fieldsOf(fields, 'a map of keys at the top level');

/**
 * Parses `.tazpod/config.yaml`. Never throws; reports every problem of a readable file, or all syntax errors of one
 * that is no YAML.
 * @param input the file's text, or its bytes (64 KiB at most)
 * @param file the path to name in warnings
 */
export function parseConfig(input: string | Uint8Array, file: string): ConfigResult {
  const findings = new Findings(file);
  const root = parseYamlSource(input, findings);
  if (root === null) return { ok: false, problems: findings.problems };
  const isEmpty = root.kind === 'nothing';
  const values = isEmpty ? {} : checkFile(root, '', findings);
  if (isEmpty || root.kind === 'map') requireKey(root, '', 'image', findings, container.imageAllowed);
  if (findings.hasProblems || values?.image === undefined) return { ok: false, problems: findings.problems };
  return { ok: true, config: toProjectConfig(values, values.image), warnings: findings.warnings };
}

function toProjectConfig(values: FieldValues<typeof fields>, image: string): ProjectConfig {
  const { build, aws_sso: awsSso, sync } = values;
  return {
    image,
    containerName: values.container_name ?? null,
    user: values.user ?? defaultUser,
    build:
      build?.dockerfile === undefined && build?.context === undefined
        ? null
        : { dockerfile: build.dockerfile ?? defaultDockerfile, context: build.context ?? '.' },
    profile: values.profile ?? 'standard',
    dns: values.dns ?? defaultDns,
    mtu: values.network?.mtu ?? null,
    ssh: values.ssh ?? 'read-only',
    env: values.env ?? {},
    ports: values.ports ?? [],
    shell: values.shell ?? null,
    setup: values.setup ?? null,
    caches: values.caches ?? [],
    awsSso:
      awsSso?.profile === undefined && awsSso?.bucket === undefined && awsSso?.region === undefined
        ? null
        : { profile: awsSso.profile ?? null, bucket: awsSso.bucket ?? null, region: awsSso.region ?? null },
    vaultRetention: values.vault?.retention ?? defaultVaultRetention,
    sync: {
      intervalSeconds: sync?.interval ?? defaultIntervalSeconds,
      prefix: sync?.prefix ?? null,
      remote: sync?.remote ?? null,
    },
  };
}
