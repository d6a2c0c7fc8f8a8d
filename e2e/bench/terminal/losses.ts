import type { Engine } from '../../../main/engine/engine.ts';
import { guestsIn } from '../../fixtures/processes-in-container.ts';
import type { Row } from '../measure/row.ts';
import type { Bench } from '../world/bench.ts';
import { openCore } from '../world/in-process.ts';
import { addTrustedProject, containerIdOf, startProject } from '../world/operation.ts';

const shortCommands = 1_000;
const floods = 50;
const closedTabs = 100;
const floodLines = 100_000;
const size = { rows: 30, columns: 100 };

/** What gets lost of short commands and floods over the pty, and what stays behind in the container. */
export async function measureLosses(bench: Bench): Promise<readonly Row[]> {
  const core = await openCore(bench, 'losses');
  const projectId = await addTrustedProject(core, await bench.makeProjectFolder('losses'));
  await startProject(core, projectId);
  const run = async (command: readonly string[]): Promise<number> => countBytes(core, projectId, command);
  let lost = 0;
  for (let count = 0; count < shortCommands; count += 1) {
    const text = `short command ${count}`;
    lost += Math.abs((await run(['echo', text])) - text.length - 2);
  }
  const floodBytes = Array.from({ length: floodLines }, (_, at) => String(at + 1).length + 2).reduce(
    (sum, one) => sum + one,
    0,
  );
  for (let count = 0; count < floods; count += 1)
    lost += Math.abs((await run(['seq', String(floodLines)])) - floodBytes);
  for (let count = 0; count < closedTabs; count += 1) {
    const opened = await core.openSession(
      { kind: 'shell', projectId, size, keep: true },
      { onData: () => undefined, onEnd: () => undefined },
    );
    if (opened.ok) await opened.value.end();
  }
  const left = await guestsIn(bench.client, containerIdOf(core, projectId));
  return [
    {
      name: 'losses',
      ratio: null,
      raw: { shortCommands, floods, lostOrAddedBytes: lost, closedTabs, processesLeft: left.length },
      baseline: 'the bytes that the programs wrote',
      target: '0 bytes, 0 processes',
      met: lost === 0 && left.length === 0,
      figure: `${lost} bytes of ${shortCommands} commands and ${floods} floods, ${left.length} processes after ${closedTabs} tabs`,
    },
  ];
}

async function countBytes(core: Engine, projectId: string, command: readonly string[]): Promise<number> {
  let bytes = 0;
  const ended = Promise.withResolvers<void>();
  const opened = await core.openSession(
    { kind: 'shell', projectId, size, keep: true, command },
    {
      onData: (part) => {
        bytes += part.length;
      },
      onEnd: () => ended.resolve(),
    },
  );
  if (!opened.ok) throw new Error(opened.failure.message);
  await ended.promise;
  return bytes;
}
