import * as v from 'valibot';
import { projectCore, type Core } from '../core.ts';
import { fromHandover, toHandover } from '../vault/key.ts';
import { memoryOf, showTries, showVault } from './show.ts';

const TimeSchema = v.nullable(v.number());
const BaseSchema = v.object({
  fingerprint: v.string(),
  identity: v.string(),
  contentHash: v.string(),
  salt: v.string(),
  fileCount: v.number(),
  totalBytes: v.number(),
});

const VaultHandoverSchema = v.object({
  projectId: v.string(),
  /** Key and salt, base64; absent where only wrong tries are told. */
  key: v.optional(v.string()),
  containerId: v.string(),
  startedAt: v.string(),
  base: v.nullable(BaseSchema),
  failedTries: v.number(),
  retryAtMs: TimeSchema,
  lastCheckedAtMs: TimeSchema,
  dirtySinceMs: TimeSchema,
});

/**
 * What one host process gives the next of one vault: over the socket that only this user can open, never a file or a log.
 */
export type VaultHandover = v.InferOutput<typeof VaultHandoverSchema>;

/** The vaults of a core that took its last command. Its own keys are wiped. */
export async function handOverVaults(core: Core): Promise<readonly VaultHandover[]> {
  const ids = [...core.store.state().projects.keys()];
  const given = await Promise.all(
    ids.map(async (projectId) => {
      const memory = memoryOf(core, projectId);
      // After a save that is under way.
      return memory.turns.take(async () => Promise.resolve(handOver(core, projectId)));
    }),
  );
  return given.filter((one) => one !== null);
}

function handOver(core: Core, projectId: string): VaultHandover | null {
  const memory = memoryOf(core, projectId);
  const { open, tries } = memory;
  if (open === null && tries.failed === 0) return null;
  const { lastCheckedAtMs, dirtySinceMs } = projectCore(core, projectId).vault;
  const given = {
    projectId,
    containerId: open?.containerId ?? '',
    startedAt: open?.startedAt ?? '',
    base: open?.base ?? null,
    failedTries: tries.failed,
    retryAtMs: tries.retryAtMs,
    lastCheckedAtMs,
    dirtySinceMs,
  };
  if (open === null) return given;
  const bytes = toHandover(open.key);
  const key = Buffer.from(bytes).toString('base64');
  bytes.fill(0);
  memory.forgetKey();
  showVault(core, projectId, { status: 'mounted', content: null });
  return { ...given, key };
}

/**
 * Takes the vaults over that another host process had unlocked. Whether their containers still run as they did is asked
 * once the engine answers, and before each save.
 * @param given unchecked; what is not as it should be is left out and told to the log, never what it holds
 */
export function takeOverVaults(core: Core, given: readonly unknown[]): void {
  for (const one of given) {
    const parsed = v.safeParse(VaultHandoverSchema, one);
    const project = parsed.success ? core.store.state().projects.get(parsed.output.projectId) : undefined;
    if (!parsed.success || project === undefined) core.ports.log('a vault that was handed over is not known here');
    else takeOver(core, parsed.output);
  }
}

function takeOver(core: Core, given: VaultHandover): void {
  const { projectId, key, containerId, startedAt, base, lastCheckedAtMs, dirtySinceMs } = given;
  const memory = memoryOf(core, projectId);
  memory.tries = { failed: given.failedTries, retryAtMs: given.retryAtMs };
  showTries(core, projectId);
  if (key === undefined || base === null) return;
  memory.open = { key: fromHandover(Buffer.from(key, 'base64')), containerId, startedAt, base };
  showVault(core, projectId, { status: 'unlocked', lastCheckedAtMs, dirtySinceMs });
}
