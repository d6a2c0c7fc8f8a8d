import { describe, expect, it } from 'vitest';
import { assertNever } from './assert-never.ts';
import { failureOf, failWith, hasCode, reasonOf, TazpodError } from './failure.ts';

describe('a failure', () => {
  it('is thrown with its words and its cause, and comes back as it was', () => {
    const cause = new Error('cause');
    const error = failWith('not-trusted', { folder: '/p' }, cause);
    expect(error).toBeInstanceOf(TazpodError);
    expect(error.message).toBe(error.failure.message);
    expect(error.cause).toBe(cause);
    expect(failureOf(error)).toBe(error.failure);
  });

  it.each([
    [new RangeError('far'), 'far'],
    ['text', 'text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [{ message: 'no error' }, '[object Object]'],
  ])('of anything else is internal: %o', (thrown, reason) => {
    expect(reasonOf(thrown)).toBe(reason);
    expect(failureOf(thrown)).toMatchObject({ code: 'internal', message: expect.stringContaining(reason) });
  });
});

it('knows a system error by its code', () => {
  const error = Object.assign(new Error('x'), { code: 'ENOENT' });
  expect(hasCode(error, 'EACCES', 'ENOENT')).toBe(true);
  expect(hasCode(error, 'EACCES')).toBe(false);
  for (const other of [new Error('ENOENT'), { code: 'ENOENT' }, Object.assign(new Error('x'), { code: 5 }), null]) {
    expect(hasCode(other, 'ENOENT')).toBe(false);
  }
});

it('throws for a case that can not be', () => {
  expect(() => assertNever({ type: 'odd' } as never)).toThrow('{"type":"odd"}');
});
