import os from 'node:os';

/** What decides where the host process lives; a plain record, so that tests pass another machine. */
export interface HostSurroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Numeric user id; -1 on Windows, which has none. */
  readonly userId: number;
  readonly homeFolder: string;
  /** The system's folder for temporary files. */
  readonly temporaryFolder: string;
}

/** The surroundings of this very process. */
export function readSurroundings(): HostSurroundings {
  return {
    platform: process.platform,
    environment: process.env,
    userId: process.getuid?.() ?? -1,
    homeFolder: os.homedir(),
    temporaryFolder: os.tmpdir(),
  };
}
