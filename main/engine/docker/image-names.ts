import type { LocalImage } from '../../../preload/contract/snapshot.ts';
import { parseImageReference, toDisplayReference } from '../project/image-reference.ts';

interface ImageList {
  readonly images: readonly LocalImage[];
}

/** Id of a local image; null where the list does not have it. */
export function imageIdOf({ images }: ImageList, reference: string): string | null {
  const wanted = toFullReference(reference);
  // Podman keeps what was built or loaded under a short name as localhost/NAME, and finds it by the short one.
  for (const name of [wanted, `localhost/${wanted}`]) {
    const found = images.find((image) => image.tags.some((tag) => toFullReference(tag) === name));
    if (found !== undefined) return found.id;
  }
  return null;
}

/** The reference with its tag: without one the API would pull all of them. */
export function toFullReference(text: string): string {
  const reference = parseImageReference(text);
  return reference === null ? text : toDisplayReference(reference);
}
