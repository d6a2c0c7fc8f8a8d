import { expect, test } from 'vitest';
import { imageIdOf } from './image-names.ts';
import { isLocalImage } from './image.ts';

const images = [
  { id: 'podman', tags: ['localhost/tazpod/base:local'], sizeBytes: 1 },
  { id: 'hub', tags: ['docker.io/library/alpine:3'], sizeBytes: 1 },
  { id: 'both', tags: ['localhost/twice:latest'], sizeBytes: 1 },
  { id: 'exact', tags: ['twice:latest'], sizeBytes: 1 },
];

test.each([
  ['tazpod/base:local', 'podman'],
  ['localhost/tazpod/base:local', 'podman'],
  ['alpine:3', 'hub'],
  ['twice', 'exact'],
  ['ghcr.io/tazpod/base:local', null],
  ['tazpod/base', null],
])('%s among Docker’s and Podman’s tags is %s', (reference, id) => {
  expect(imageIdOf({ images }, reference)).toBe(id);
  expect(isLocalImage({ images }, reference)).toBe(id !== null);
});
