import type { Command } from '../../../preload/contract/commands.ts';
import type { LocalImage, Snapshot } from '../../../preload/contract/snapshot.ts';
import { printJson, type Context } from '../context.ts';
import type { ExitCode } from '../failure.ts';
import { runOperation } from '../operation.ts';
import { escapeText } from '../text/escape.ts';
import { suggest } from '../text/suggest.ts';
import { toTable } from '../text/table.ts';
import { formatBytes } from '../text/units.ts';
import { UsageError } from '../words/parse.ts';
import { usageOf } from '../words/table.ts';

const baseImage = 'tazpod/base:local';
const actions = ['list', 'pull', 'build-base'] as const;

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

function toCommand(typed: string, reference: string | undefined): Command | null {
  const usage = usageOf('image');
  const action = actions.find((one) => one === typed);
  if (action === undefined) {
    const near = suggest(typed, actions);
    const hint = near === null ? '' : ` Did you mean ${near}?`;
    throw new UsageError(`"tazpod image" has no "${escapeText(typed)}".${hint}`, usage);
  }
  if (action === 'pull') {
    if (reference === undefined) throw new UsageError('"tazpod image pull" needs an image to pull.', usage);
    return { type: 'pullImage', image: reference };
  }
  if (reference !== undefined) throw new UsageError(`"tazpod image ${action}" takes nothing more.`, usage);
  return action === 'list' ? null : { type: 'buildBaseImage' };
}

/** `tazpod image list`, `pull REF`, `build-base` */
export async function runImage(context: Context): Promise<ExitCode> {
  const { io, flags, link, invocation } = context;
  const [action = 'list', reference] = invocation.operands;
  const command = toCommand(action, reference);
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
