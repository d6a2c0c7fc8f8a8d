import { expect, it } from 'vitest';
import { toFailure } from '../../preload/contract/errors.ts';
import { project, pulling, running } from '../testing/scenarios/parts.ts';
import { holdOrder, matchesSearch, toListOrder } from './list-order.ts';

it('needs me, then running and busy, then the rest; by name with numbers', () => {
  const failure = toFailure('cancelled', { action: 'Start' });
  const projects = [
    project('b10'),
    project('b9'),
    project('z', { failure }),
    project('m', { container: running('m') }),
    project('l', { operations: [pulling] }),
    project('b9', { folder: '/a/b9' }),
  ];
  const names = new Map(projects.map(({ id, folder }) => [id, folder]));
  expect(toListOrder(projects).map((id) => names.get(id))).toEqual([
    '/home/mira/code/z',
    '/home/mira/code/l',
    '/home/mira/code/m',
    '/a/b9',
    '/home/mira/code/b9',
    '/home/mira/code/b10',
  ]);
});

it('holds what is there in place, drops what is gone, adds what is new at the end', () => {
  expect(holdOrder(['a', 'b', 'c'], ['c', 'd', 'a'])).toEqual(['a', 'c', 'd']);
  expect(holdOrder([], ['x'])).toEqual(['x']);
});

it('finds by every word, in name or path', () => {
  const one = { name: 'acme-api', folder: '/home/mira/Code/acme-api' };
  expect(['', 'ACME', 'code api', 'api mira'].every((search) => matchesSearch(one, search))).toBe(true);
  expect(matchesSearch(one, 'acme web')).toBe(false);
});
