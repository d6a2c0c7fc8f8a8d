import type { LocalImage } from '../../preload/contract/snapshot.ts';
import { formatBytes } from './units.ts';

export const standardImage = 'tazzo/tazpod-ai:latest';
export const baseImage = 'tazpod/base:local';

export interface ImageChoice {
  readonly reference: string;
  readonly note: string;
  /** On this machine already: nothing has to be pulled. */
  readonly isLocal: boolean;
}

/** The images to choose from: the two of ours first, then what is on this machine. */
export function toImageChoices(images: readonly LocalImage[]): readonly ImageChoice[] {
  const local = new Map(images.flatMap(({ tags, sizeBytes }) => tags.map((tag) => [tag, sizeBytes] as const)));
  const sizeOf = (reference: string): string => formatBytes(local.get(reference) ?? 0);
  const choices: ImageChoice[] = [
    local.has(standardImage)
      ? { reference: standardImage, note: `The usual one · on this machine, ${sizeOf(standardImage)}`, isLocal: true }
      : { reference: standardImage, note: 'The usual one · pulled at the first start', isLocal: false },
    local.has(baseImage)
      ? { reference: baseImage, note: `Built on this machine, ${sizeOf(baseImage)}`, isLocal: true }
      : { reference: baseImage, note: 'Built on this machine · not built yet', isLocal: false },
  ];
  const rest = [...local.keys()].filter((tag) => tag !== standardImage && tag !== baseImage).toSorted();
  return [
    ...choices,
    ...rest.map((reference) => ({ reference, note: `On this machine, ${sizeOf(reference)}`, isLocal: true })),
  ];
}

/** Where the choice begins: the usual image if it is here, else whichever of ours is, else the usual one. */
export function initialChoice(choices: readonly ImageChoice[]): string {
  const [standard, base] = choices;
  if (standard?.isLocal === true || base?.isLocal !== true) return standardImage;
  return baseImage;
}

/** The name a container gets where none is chosen, as the engine makes it from the folder's name. */
export function toSuggestedName(folderName: string): string {
  const valid = folderName
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^a-zA-Z0-9_.-]+/gu, '-')
    .replaceAll(/-{2,}/gu, '-')
    .replace(/^[_.-]+/u, '')
    .slice(0, 59)
    .replace(/[_.-]+$/u, '');
  return `${valid === '' ? 'project' : valid}-lab`;
}

/** What is wrong with a container name; null where nothing is. Empty means the suggested one. */
export function containerNameProblem(name: string): string | null {
  if (name === '') return null;
  if (name.length > 63) return 'At most 63 characters';
  return /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/u.test(name)
    ? null
    : 'Letters, digits, "_", "." and "-"; it begins with a letter or digit and has two characters at least';
}
