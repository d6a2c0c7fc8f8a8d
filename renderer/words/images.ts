import type { LocalImage } from '../../preload/contract/snapshot.ts';
import { formatBytes } from './units.ts';

export const standardImage = 'tazzo/tazpod-ai:latest';
/** The others that the Go tool brings, each with what it has. */
const goImages: readonly (readonly [reference: string, note: string])[] = [
  ['tazzo/tazpod-k8s:latest', 'Kubernetes and Terraform tools, no AI agents'],
  ['tazzo/tazpod-aws:latest', 'Shell tools and the AWS command line'],
  ['tazzo/tazpod-base:latest', 'Shell tools alone'],
];
export const baseImage = 'tazpod/base:local';

export interface ImageChoice {
  readonly reference: string;
  readonly note: string;
  /** On this machine already: nothing has to be pulled. */
  readonly isLocal: boolean;
}

/** The images to choose from: the usual one and the base image, the Go tool's others, then what is on this machine. */
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
  const others = goImages.map(([reference, note]) => ({
    reference,
    note: local.has(reference)
      ? `${note} · on this machine, ${sizeOf(reference)}`
      : `${note} · pulled at the first start`,
    isLocal: local.has(reference),
  }));
  const known = new Set([...choices, ...others].map(({ reference }) => reference));
  const rest = [...local.keys()].filter((tag) => !known.has(tag)).toSorted();
  return [
    ...choices,
    ...others,
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
