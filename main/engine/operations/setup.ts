import { containersOf, projectCore, type Core } from '../core.ts';
import { assertOurs } from '../docker/containers.ts';
import { openExecStream } from '../docker/exec-stream.ts';
import { workspacePath } from '../docker/observe.ts';
import { failWith } from '../failure.ts';
import { startExecSession } from '../terminal/exec-session.ts';
import { toSessionCommand } from '../terminal/wrapper.ts';
import { asUserOrDefault, endInContainer } from './exec-user.ts';
import { ensurePrepared } from './prepare.ts';
import type { OperationWork } from './queue.ts';
import { requireStartable } from './require-startable.ts';

/** Most of the output that is kept for a failure's details, in characters: its end says what went wrong. */
const maxTail = 4_000;
/** The last line printed is shown as progress, cut to this many characters. */
const maxProgressText = 160;

/**
 * Queues the config's setup command for a container that has not had it. The container is remembered before the command
 * runs, so that it runs once however that ends; Retry is a command of its own. An adopted container is left as it is.
 */
export async function queueSetup(core: Core, projectId: string, containerId: string): Promise<void> {
  const { config, name } = projectCore(core, projectId);
  if (config.status !== 'valid' || core.setupRecords.has(containerId)) return;
  if (core.store.state().adopted.has(containerId)) return;
  if (config.config.setup === null) {
    // A setup command that is added later is for the next container.
    await core.setupRecords.add(containerId);
    return;
  }
  core.queue.add({
    projectId,
    kind: 'setup',
    subject: name,
    run: async (work) => runSetup(core, projectId, work),
  });
}

/** Who wants the container gone does not wait for its setup. */
export function cancelSetup(core: Core, projectId: string): void {
  for (const { id, kind, cancellable } of projectCore(core, projectId).operations) {
    if (kind === 'setup' && cancellable) core.queue.cancel(id);
  }
}

/**
 * Runs the setup command in the workspace, as the user and with the environment of every session.
 * @throws setup-failed, cancelled; the container stays as it is
 */
export async function runSetup(core: Core, projectId: string, work: OperationWork): Promise<string> {
  const { config } = await requireStartable(core, projectId);
  const { folder } = projectCore(core, projectId);
  const { setup } = config;
  if (setup === null) return 'The config has no setup command.';
  const client = await core.connection.client(work.signal);
  const [container] = containersOf(core, projectId);
  if (container?.status !== 'running') throw failWith('container-not-running', { folder });
  await assertOurs(client, core.store, container.id);
  const prepared = await ensurePrepared(core, client, projectId, container.id);
  await core.setupRecords.add(container.id);
  work.step('running-setup', true);
  const output = createOutput(work);
  const { promise, resolve } = Promise.withResolvers<number | null>();
  const { session, leader } = await asUserOrDefault(config.user, async (user) =>
    startExecSession({
      id: 'setup',
      sink: {
        onData: (bytes) => output.add(bytes),
        onEnd: (end) => resolve(end.reason === 'exited' ? (end.exitCode ?? null) : null),
      },
      port: await openExecStream(client, {
        containerId: container.id,
        command: toSessionCommand(['/bin/sh', '-c', setupScript, 'tazpod-setup', setup], null),
        user,
        environment: prepared.environment,
        workingFolder: workspacePath,
        terminal: false,
      }),
      endProcesses: async (one) => endInContainer(core, { containerId: container.id, ...one }),
      containerIsUp: async () => Promise.resolve(core.store.state().containers.get(container.id)?.status === 'running'),
      log: core.ports.log,
    }),
  );
  const record = { containerId: container.id, ...leader };
  core.sessionRecords.add(record);
  session.endInput();
  const cancel = (): void => void session.end().catch((error: unknown) => core.ports.log(`setup: ${String(error)}`));
  work.signal.addEventListener('abort', cancel, { once: true });
  if (work.signal.aborted) cancel();
  try {
    const exitCode = await promise;
    if (work.signal.aborted) throw work.signal.reason;
    if (exitCode !== 0) throw failWith('setup-failed', { command: setup.trim(), exitCode, tail: output.tail() });
    return 'Set up.';
  } finally {
    work.signal.removeEventListener('abort', cancel);
    core.sessionRecords.remove(record);
  }
}

/** In bash where there is one, since that is what people write; its own input is empty. */
const setupScript = 'if command -v bash >/dev/null 2>&1; then exec bash -c "$1"; else exec sh -c "$1"; fi';

function createOutput(work: OperationWork): { add(bytes: Uint8Array): void; tail(): string } {
  const decoder = new TextDecoder();
  let kept = '';
  return {
    add: (bytes) => {
      const text = decoder.decode(bytes, { stream: true });
      work.output(text);
      kept = (kept + text).slice(-maxTail);
      const last =
        kept
          .trimEnd()
          .split(/[\r\n]/u)
          .at(-1) ?? '';
      const detail = last.replaceAll(/\p{Cc}/gu, ' ').slice(0, maxProgressText);
      work.progress({ doneBytes: 0, totalBytes: null, detail });
    },
    tail: () => kept.trim(),
  };
}
