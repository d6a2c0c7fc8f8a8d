import type { StatsSample } from '../../../preload/contract/stats.ts';
import type { Context } from '../context.ts';
import { folderOf, requireProject } from '../project-folder.ts';
import { runSession } from '../session/run-session.ts';
import { formatBytes } from '../text/units.ts';
import { toReaderExitCode } from './sessions.ts';

/** `CPU 12 % of 4 cores, memory 33 MB of 4.2 GB`; 100 % is one core. */
export function statsWords(sample: StatsSample): string {
  const { cpuCores, cpuLimitCores, memoryBytes, memoryLimitBytes } = sample;
  const cores = `${cpuLimitCores} ${cpuLimitCores === 1 ? 'core' : 'cores'}`;
  const memory = memoryBytes === null ? 'unknown' : formatBytes(memoryBytes);
  const limit = memoryLimitBytes === null ? '' : ` of ${formatBytes(memoryLimitBytes)}`;
  return `CPU ${(cpuCores * 100).toFixed(1)} % (${cores}), memory ${memory}${limit}`;
}

/** Takes bytes of a stats session, split anywhere; gives what is printed for the samples that they complete. */
function createPrinter(print: (sample: StatsSample) => string): (bytes: Uint8Array) => Uint8Array {
  let rest = '';
  return (bytes) => {
    const lines = (rest + Buffer.from(bytes).toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    return Buffer.from(lines.map((line) => `${print(JSON.parse(line) as StatsSample)}\n`).join(''));
  };
}

/** `tazpod stats`: one look, or with `--follow` about one line a second until Ctrl-C or the container's end. */
export async function runStats(context: Context): Promise<number> {
  const { io, flags, link } = context;
  const client = await link.open('ready');
  const project = requireProject(client.snapshot, await folderOf(context));
  const toJson = (sample: StatsSample): string => JSON.stringify(sample, null, flags.follow ? 0 : 2);
  const outcome = await runSession(
    client,
    io,
    { kind: 'stats', projectId: project.id, follow: flags.follow },
    createPrinter(flags.json ? toJson : statsWords),
  );
  if (outcome.how === 'ended' && outcome.end.reason === 'container-stopped') {
    io.err.write('The container was stopped.\n');
  }
  return toReaderExitCode(outcome, 'stats');
}
