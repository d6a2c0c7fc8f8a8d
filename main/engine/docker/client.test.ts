import { describe, expect, it } from 'vitest';
import { failWith } from '../failure.ts';
import { askEngine, engineError, engineReason, statusOf } from './client.ts';

/** As docker-modem makes them: message, status and the answer's JSON. */
const answered = (status: number, reason: string, text: string): Error =>
  Object.assign(new Error(`(HTTP code ${status}) ${reason} - ${text} `), {
    statusCode: status,
    reason,
    json: { message: text },
  });
const system = (code: string, part: object = {}): Error =>
  Object.assign(new Error(`connect ${code} /var/run/docker.sock`), { code, ...part });
const abort = (): Error => Object.assign(new Error('The operation was aborted'), { name: 'AbortError' });

describe('an error of the engine', () => {
  it.each([
    ['EACCES', system('EACCES', { address: '/run/d.sock' }), 'engine-permission', /use \/run\/d\.sock\.$/u],
    ['EPERM', system('EPERM'), 'engine-permission', /its socket/u],
    ['ECONNREFUSED', system('ECONNREFUSED'), 'engine-unreachable', /No Docker engine answers/u],
    ['ENOENT', system('ENOENT'), 'engine-unreachable', /No Docker engine answers/u],
    ['ECONNRESET', system('ECONNRESET'), 'engine-unreachable', /No Docker engine answers/u],
    ['EPIPE', system('EPIPE'), 'engine-unreachable', /No Docker engine answers/u],
    ['ETIMEDOUT', system('ETIMEDOUT'), 'engine-unreachable', /No Docker engine answers/u],
    [
      '404',
      answered(404, 'no such container', 'No such container: x'),
      'engine-failed',
      /refused to ask: No such container: x$/u,
    ],
    [
      '409',
      answered(409, 'unexpected', 'Conflict. The name "/x" is in use'),
      'engine-failed',
      /: Conflict\. The name/u,
    ],
    ['500', answered(500, 'server error', 'driver failed'), 'engine-failed', /: driver failed$/u],
    [
      'a full disk',
      answered(500, 'server error', 'write /x: no space left on device'),
      'disk-full',
      /no space left to ask: write/u,
    ],
    ['an abort', abort(), 'cancelled', /^ask was cancelled/u],
    ['a text', 'boom', 'engine-failed', /: boom$/u],
    ['nothing', undefined, 'engine-failed', /: undefined$/u],
  ])('%s', (_what, error, code, message) => {
    const ours = engineError(error, 'ask');
    expect(ours.failure.code).toBe(code);
    expect(ours.message).toMatch(message);
    expect(ours.cause).toBe(error);
  });

  it('tells its HTTP status beside', () => {
    expect(engineError(answered(500, 'server error', 'x'), 'ask').failure.details).toBe('HTTP status 500');
  });

  it('that is ours already stays as it is', () => {
    const ours = failWith('not-ours', { what: 'container', id: 'x' });
    expect(engineError(ours, 'ask')).toBe(ours);
  });

  it('with a status is the engine’s, whatever its code', () => {
    const both = Object.assign(answered(500, 'server error', 'x'), { code: 'ECONNRESET' });
    expect(engineError(both, 'ask').failure.code).toBe('engine-failed');
  });
});

describe('the engine’s own words', () => {
  it.each([
    ['in the answer', answered(404, 'no such image', 'No such image: x'), 'No such image: x'],
    [
      'in the message alone',
      new Error('(HTTP code 404) no such image - No such image: a-b - c'),
      'No such image: a-b - c',
    ],
    [
      'with an answer that is no JSON',
      Object.assign(new Error('(HTTP code 500) server error - x'), { json: null }),
      'x',
    ],
    ['without a code', new Error('socket hang up'), 'socket hang up'],
  ])('%s', (_what, error, words) => {
    expect(engineReason(error)).toBe(words);
  });

  it('come with a status, or 0 where it did not answer', () => {
    expect(statusOf(answered(409, 'x', 'y'))).toBe(409);
    for (const other of [system('EPIPE'), null, 'x', { statusCode: 404 }]) expect(statusOf(other)).toBe(0);
  });
});

it('asks: gives what comes, throws ours', async () => {
  expect(await askEngine('ask', Promise.resolve(5))).toBe(5);
  await expect(askEngine('ask', Promise.reject(system('EPIPE')))).rejects.toMatchObject({
    failure: { code: 'engine-unreachable', details: expect.stringContaining('ask: connect EPIPE') },
  });
});
