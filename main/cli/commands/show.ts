import type { ListeningPort } from '../../../preload/contract/listening.ts';
import { toExitCode } from '../../../preload/contract/errors.ts';
import type { Client } from '../client.ts';
import { printJson, type Context } from '../context.ts';
import { CliFailure, type ExitCode } from '../failure.ts';
import { folderOf, requireProject } from '../project-folder.ts';
import { readReport } from '../session/read-report.ts';
import { renderList } from '../render/list.ts';
import { renderPorts } from '../render/ports.ts';
import { renderStatus } from '../render/status.ts';

/** `tazpod status` */
export async function runStatus(context: Context): Promise<ExitCode> {
  const { io, flags, link } = context;
  const client = await link.open('ready');
  await client.execute({ type: 'refreshProjects' });
  const project = requireProject(client.snapshot, await folderOf(context));
  if (flags.ports) return showPorts(context, client, project.id);
  if (flags.json) printJson(io, project);
  else io.out.write(renderStatus(project, io.nowMs(), context.style, flags.verbose));
  return 0;
}

/** `tazpod status --ports`: looks once into the running container. */
async function showPorts({ io, flags }: Context, client: Client, projectId: string): Promise<ExitCode> {
  const [first] = await readReport(client, { kind: 'ports', projectId, follow: false });
  const ports = (first ?? []) as readonly ListeningPort[];
  if (flags.json) printJson(io, ports);
  else io.out.write(renderPorts(ports, io.out.columns()));
  return 0;
}

/** `tazpod list`. With `--json` the engine's absence is part of what is printed; the exit code is still 4. */
export async function runList(context: Context): Promise<ExitCode> {
  const { io, flags, link } = context;
  const client = await link.open(flags.json ? 'settled' : 'ready');
  await client.execute({ type: 'refreshProjects' });
  const { engine, host, projects } = client.snapshot;
  if (flags.json) {
    printJson(io, { engine, host, projects });
    return engine.status === 'away' ? toExitCode(engine.failure.code) : 0;
  }
  if (engine.status === 'away') throw new CliFailure(engine.failure, 4);
  io.out.write(renderList(projects, { nowMs: io.nowMs(), maxColumns: io.out.columns(), homeFolder: io.homeFolder }));
  return 0;
}
