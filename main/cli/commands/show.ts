import { toExitCode } from '../../../preload/contract/errors.ts';
import { printJson, type Context } from '../context.ts';
import { CliFailure, type ExitCode } from '../failure.ts';
import { folderOf, requireProject } from '../project-folder.ts';
import { renderList } from '../render/list.ts';
import { renderStatus } from '../render/status.ts';

/** `tazpod status` */
export async function runStatus(context: Context): Promise<ExitCode> {
  const { io, flags, link } = context;
  const client = await link.open('ready');
  await client.execute({ type: 'refreshProjects' });
  const project = requireProject(client.snapshot, await folderOf(context));
  if (flags.json) printJson(io, project);
  else io.out.write(renderStatus(project, io.nowMs(), context.style, flags.verbose));
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
