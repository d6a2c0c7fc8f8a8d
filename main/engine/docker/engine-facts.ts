import { askEngine, type DockerClient } from './client.ts';

/** What only doctor wants to know of an engine; asked for when somebody looks. */
export interface EngineFacts {
  /** Podman answers Docker's API, but not all of its options do something there. */
  readonly isPodman: boolean;
  /** Container runtime, for example `runc`; null where the engine does not tell. */
  readonly runtime: string | null;
  /** Where the engine keeps images and volumes, as its own machine has it; null where it does not tell. */
  readonly rootFolder: string | null;
}

/** @throws engine-unreachable and the like */
export async function readEngineFacts(client: DockerClient): Promise<EngineFacts> {
  const [info, version] = await Promise.all([
    askEngine('tell about itself', client.info() as Promise<InfoAnswer>),
    askEngine('tell its version', client.version() as Promise<VersionAnswer>),
  ]);
  const components = version.Components ?? [];
  return {
    isPodman: components.some(({ Name }) => /podman/iu.test(Name)),
    runtime: info.DefaultRuntime || null,
    rootFolder: info.DockerRootDir || null,
  };
}

interface InfoAnswer {
  readonly DefaultRuntime?: string;
  readonly DockerRootDir?: string;
}

interface VersionAnswer {
  readonly Components?: readonly { readonly Name: string }[] | null;
}
