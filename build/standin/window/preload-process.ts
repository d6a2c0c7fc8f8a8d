/** What a sandboxed preload script sees as `process` (https://www.electronjs.org/docs/latest/tutorial/sandbox). */
export function toPreloadProcess(): Record<string, unknown> {
  const { platform, arch, versions, argv } = process;
  return {
    type: 'renderer',
    platform,
    arch,
    versions: { electron: versions['electron'], chrome: versions['chrome'], node: versions.node },
    argv: argv.slice(0, 1),
    env: {},
    sandboxed: true,
    contextIsolated: true,
  };
}
