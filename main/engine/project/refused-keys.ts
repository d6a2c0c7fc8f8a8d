/**
 * Keys of Docker, Compose and Dev Containers that would give a container more than a project may ask for. They are
 * refused by name, whatever their spelling (`cap_add`, `cap-add`, `CapAdd`), so that nobody believes they took effect.
 */
const refusedNames: ReadonlySet<string> = new Set(
  [
    'privileged cap_add cap_drop capabilities',
    'mounts mount volumes volume volumes_from binds bind tmpfs storage_opt shm_size',
    'devices device device_requests device_cgroup_rules gpus',
    'network_mode networks links extra_hosts add_host hostname domainname mac_address ip expose publish_all',
    'pid pid_mode ipc ipc_mode uts userns userns_mode cgroup cgroupns cgroupns_mode cgroup_parent group_add',
    'security_opt sysctls ulimits runtime isolation oom_score_adj oom_kill_disable',
    'read_only restart restart_policy host_config run_args docker_args entrypoint command labels',
    'init_command on_create_command initialize_command credential_process env_file',
  ]
    .join(' ')
    .split(' ')
    .map(fold),
);

/** Names that say nothing at the top level but would pick the network's kind under `network`. */
const refusedNetworkNames: ReadonlySet<string> = new Set(
  ['mode', 'driver', 'name', 'host', 'external', 'aliases'].map(fold),
);

function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

/**
 * Whether a key is one that no config can use.
 * @param parentKey dotted key of the map that holds it; empty at the top level
 */
export function isRefusedKey(name: string, parentKey: string): boolean {
  const folded = fold(name);
  return (
    refusedNames.has(folded) ||
    folded.startsWith('cgroup') ||
    (parentKey === 'network' && refusedNetworkNames.has(folded))
  );
}
