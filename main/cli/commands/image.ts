import type { Command } from '../../../preload/contract/commands.ts';
import type { LocalImage, Snapshot } from '../../../preload/contract/snapshot.ts';
import { printJson, type Context } from '../context.ts';
import { CliFailure, type ExitCode } from '../failure.ts';
import { runOperation } from '../operation.ts';
import { folderOf, projectById, requireProject } from '../project-folder.ts';
import { askYes } from '../question.ts';
import { escapeText } from '../text/escape.ts';
import { suggest } from '../text/suggest.ts';
import { toTable } from '../text/table.ts';
import { formatBytes } from '../text/units.ts';
import { UsageError } from '../words/parse.ts';
import { usageOf } from '../words/table.ts';

const baseImage = 'tazpod/base:local';
const actions = ['list', 'pull', 'build-base', 'use'] as const;

const taggedAs = ({ images }: Snapshot, reference: string): LocalImage | undefined => {
  const full = /[:@][^/]*$/u.test(reference) ? reference : `${reference}:latest`;
  return images.find(({ tags }) => tags.includes(full));
};

/** All local images with a name, by name. */
export function renderImages(images: readonly LocalImage[], maxColumns: number): string {
  const rows = images.flatMap(({ id, tags, sizeBytes }) =>
    tags.map((tag) => [tag, id.replace(/^sha256:/u, '').slice(0, 12), formatBytes(sizeBytes)]),
  );
  if (rows.length === 0)
    return 'No local images. "tazpod image build-base" builds one, "tazpod image pull REF" gets one.\n';
  const sorted = rows.toSorted((a, b) => (a[0] ?? '').localeCompare(b[0] ?? ''));
  const columns = [{ title: 'IMAGE', minColumns: 20 }, { title: 'ID' }, { title: 'SIZE' }];
  return `${toTable(columns, sorted, maxColumns).join('\n')}\n`;
}

function toCommand(typed: string, reference: string | undefined, more: string | undefined): Command | null {
  const usage = usageOf('image');
  const action = actions.find((one) => one === typed);
  if (action === undefined) {
    const near = suggest(typed, actions);
    const hint = near === null ? '' : ` Did you mean ${near}?`;
    throw new UsageError(`"tazpod image" has no "${escapeText(typed)}".${hint}`, usage);
  }
  if (more !== undefined) throw new UsageError(`"tazpod image ${action}" does not know "${escapeText(more)}".`, usage);
  if (action === 'pull') {
    if (reference === undefined) throw new UsageError('"tazpod image pull" needs an image to pull.', usage);
    return { type: 'pullImage', image: reference };
  }
  if (reference !== undefined) throw new UsageError(`"tazpod image ${action}" takes nothing more.`, usage);
  return action === 'list' ? null : { type: 'buildBaseImage' };
}

/** `tazpod image use REF`: writes another image into the folder's config, after asking. The next start asks for trust. */
async function runUse(
  context: Context,
  reference: string | undefined,
  typedFolder: string | undefined,
): Promise<ExitCode> {
  const { io, flags, link } = context;
  if (reference === undefined) throw new UsageError('"tazpod image use" needs an image.', usageOf('image'));
  const client = await link.open('none');
  const operands = typedFolder === undefined ? [] : [typedFolder];
  const { id, config, name } = requireProject(
    link.snapshot,
    await folderOf({ ...context, invocation: { ...context.invocation, operands } }),
  );
  const before = config.status === 'valid' ? config.image : 'nothing valid';
  if (!flags.yes) {
    io.err.write(
      `${escapeText(config.file)} gets another image; all else in it stays.\n  ${escapeText(before)} -> ${escapeText(reference)}\n`,
    );
    const isWanted = await askYes(context, 'Write it?');
    if (isWanted !== true) {
      const nextStep = isWanted === null ? 'Answer beforehand: "tazpod image use REF --yes".' : 'It stays as it is.';
      throw new CliFailure({ code: 'cancelled', message: 'Nothing was changed.', nextStep }, 3);
    }
  }
  await client.execute({ type: 'changeImage', projectId: id, image: reference });
  if (flags.json) printJson(io, projectById(link.snapshot, id));
  else io.out.write(`${escapeText(name)} uses ${escapeText(reference)} from the next start or rebuild on.\n`);
  return 0;
}

/** `tazpod image list`, `pull REF`, `build-base`, `use REF` */
export async function runImage(context: Context): Promise<ExitCode> {
  const { io, flags, link, invocation } = context;
  const [action = 'list', reference, folder] = invocation.operands;
  if (action === 'use') return runUse(context, reference, folder);
  const command = toCommand(action, reference, folder);
  await link.open('ready');
  if (command === null) {
    const { images } = link.snapshot;
    if (flags.json) printJson(io, images);
    else io.out.write(renderImages(images, io.out.columns()));
    return 0;
  }
  const image = reference ?? baseImage;
  const doing = command.type === 'pullImage' ? 'Pulling' : 'Building';
  await runOperation(context, command, `${doing} ${escapeText(image)}`, (now) => taggedAs(now, image) !== undefined);
  if (flags.json) printJson(io, taggedAs(link.snapshot, image) ?? null);
  else io.out.write(`${doing === 'Pulling' ? 'Pulled' : 'Built'} ${escapeText(image)}.\n`);
  return 0;
}
