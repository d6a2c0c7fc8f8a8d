/** What `.tazpod/config.yaml` asks for, checked and with defaults filled in. See parse-config.ts for how it is read. */
export interface ProjectConfig {
  readonly image: string;
  /** null: the default, derived from the folder's name. */
  readonly containerName: string | null;
  /** User of exec sessions inside the container. */
  readonly user: string;
  /** Paths as written, relative to the project folder, checked to stay inside it. */
  readonly build: { readonly dockerfile: string; readonly context: string } | null;
  readonly profile: 'standard' | 'hardened';
  /** `host`: the engine's own resolvers. */
  readonly dns: readonly string[] | 'host';
  /** null: measured. */
  readonly mtu: number | null;
  readonly ssh: 'read-only' | 'agent' | 'none';
  readonly env: Readonly<Record<string, string>>;
  readonly ports: readonly PortMapping[];
  /** Absolute path or name of the shell; null: bash, else sh. */
  readonly shell: string | null;
  readonly setup: string | null;
  readonly caches: readonly string[];
  readonly awsSso: {
    readonly profile: string | null;
    readonly bucket: string | null;
    readonly region: string | null;
  } | null;
  /** Copies of the vault kept in the remote's history. */
  readonly vaultRetention: number;
  readonly sync: SyncConfig;
}

export interface PortMapping {
  readonly hostPort: number;
  readonly containerPort: number;
}

export interface SyncConfig {
  readonly intervalSeconds: number;
  /** null: `tazpod/projects/<container_name>`. */
  readonly prefix: string | null;
  readonly remote:
    | null
    | {
        readonly type: 's3';
        readonly bucket: string;
        readonly region: string | null;
        readonly endpoint: string | null;
        readonly profile: string | null;
        readonly pathStyle: boolean;
      }
    | { readonly type: 'folder'; readonly path: string };
}

/** The image that `init` writes where none is chosen, the Go tool's default. */
export const defaultImage = 'tazzo/tazpod-ai:latest';
export const defaultUser = 'tazpod';
export const defaultDns = ['1.1.1.1', '1.0.0.1'] as const;
