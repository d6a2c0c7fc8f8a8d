import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { printJson, type Context } from '../context.ts';
import { CliFailure, type ExitCode } from '../failure.ts';
import { folderOf, requireProject } from '../project-folder.ts';
import { escapeText } from '../text/escape.ts';
import { countOf } from '../text/units.ts';

/** `tazpod init` */
export async function runInit(context: Context): Promise<ExitCode> {
  const { io, flags, link } = context;
  const client = await link.open('none');
  const folder = await folderOf(context);
  const image = flags.image === null ? {} : { image: flags.image };
  const answer = await client.ask({ type: 'initProject', folder: folder.path, ...image });
  if (!answer.accepted) {
    const { failure } = answer;
    if (failure.code !== 'config-exists') throw new CliFailure(failure);
    throw new CliFailure({
      ...failure,
      nextStep: '"tazpod up" starts what it describes. Edit or remove it for another.',
    });
  }
  const project = requireProject(client.snapshot, folder);
  if (flags.json) {
    printJson(io, project);
    return 0;
  }
  const named = project.config.status === 'valid' ? ` for the image ${escapeText(project.config.image)}` : '';
  io.out.write(
    `Wrote ${escapeText(project.config.file)}${named}.\nNothing runs yet: "tazpod up" starts the container.\n`,
  );
  const dns = hostDnsSuggestion(project);
  if (dns !== null) io.err.write(`DNS: ${escapeText(dns)}\n`);
  return 0;
}

/** What the trust question will say about names that only this machine's own servers know; null where it says nothing. */
function hostDnsSuggestion({ trust }: ProjectState): string | null {
  if (trust.status !== 'untrusted') return null;
  const meaning = trust.grants.find(({ key }) => key === 'dns')?.meaning;
  return meaning?.includes('"dns: host"') === true ? meaning : null;
}

/** `tazpod forget` */
export async function runForget(context: Context): Promise<ExitCode> {
  const { io, link, flags } = context;
  await link.open(flags.caches ? 'ready' : 'settled');
  const project = requireProject(link.snapshot, await folderOf(context));
  await link.client.execute({
    type: 'forgetProject',
    projectId: project.id,
    ...(flags.caches ? { caches: true } : {}),
  });
  io.out.write(`Forgot ${escapeText(project.name)}. The folder ${escapeText(project.folder)} was not touched.\n`);
  return 0;
}

/** How long a host process may take to end: it finishes what runs first. */
const quitLimitMs = 30_000;

/** `tazpod quit` */
export async function runQuit(context: Context): Promise<ExitCode> {
  const { io, connector, flags } = context;
  const result = await connector.connectIfRunning();
  if (!result.ok) throw new CliFailure(result.failure);
  if (result.value === null) {
    io.out.write('No host process is running.\n');
    return 0;
  }
  const { host, isSameProtocol } = result.value;
  const state = isSameProtocol ? await host.subscribe(() => undefined) : null;
  const projects = state?.ok === true ? state.value.projects : [];
  const up = projects.filter(({ container }) => container.status === 'running');
  const answer = await host.execute({ type: 'quitHost', ...(flags.force ? { force: true } : {}) });
  // It may be gone before its answer arrives: then it did as asked.
  if (!answer.accepted && answer.failure.code !== 'host-lost') throw new CliFailure(answer.failure);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), quitLimitMs);
  });
  const end = await Promise.race([host.closed, late]);
  clearTimeout(timer);
  host.close();
  io.out.write(end === 'late' ? 'The host process ends when its operations have.\n' : 'The host process has ended.\n');
  if (up.length > 0) {
    const names = up.map(({ name }) => escapeText(name)).join(', ');
    io.out.write(`${countOf(up.length, 'container')} ${up.length === 1 ? 'stays' : 'stay'} up: ${names}.\n`);
  }
  return 0;
}
