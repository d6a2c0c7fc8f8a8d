import { expect, test } from 'vitest';
import { failWith } from '../../failure.ts';
import { runDeviceFlow, type DeviceAuthorization, type DeviceService, type TokenAnswer } from './device-flow.ts';
import type { SsoSettings } from './settings.ts';

const startUrl = 'https://acme.example/start';
const settings: SsoSettings = { profile: 'work', session: 'acme', startUrl, region: 'eu-central-1', scopes: ['s'] };
const client = { clientId: 'id', clientSecret: 'secret', expiresAtMs: 1 };
const token = { accessToken: 'access', refreshToken: null, expiresInSeconds: 60 };
const granted: TokenAnswer = { type: 'granted', token };
const away: TokenAnswer = {
  type: 'away',
  failure: failWith('login-unreachable', { startUrl, region: 'r', reason: 'x' }),
};
const asked: DeviceAuthorization = {
  deviceCode: 'device',
  userCode: 'ABCD-EFGH',
  page: 'https://device.example/?user_code=ABCD-EFGH',
  expiresInSeconds: 600,
  intervalSeconds: 5,
};

/** Runs the flow by a clock of its own. @returns how it ended, and the waits in seconds */
async function run(answers: readonly TokenAnswer[], part: Partial<DeviceAuthorization> = {}) {
  let nowMs = 0;
  const waits: number[] = [];
  const shown: string[] = [];
  const service: DeviceService = {
    register: () => Promise.resolve(client),
    authorize: () => Promise.resolve({ ...asked, ...part }),
    askForToken: () => Promise.resolve(answers[waits.length - 1] ?? { type: 'pending' }),
  };
  const clock = {
    monotonicMs: () => nowMs,
    wait: (delayMs: number) => {
      nowMs += delayMs;
      waits.push(delayMs / 1000);
      return Promise.resolve();
    },
  };
  const show = ({ page, userCode }: { page: string; userCode: string }): void => void shown.push(page, userCode);
  const { signal } = new AbortController();
  const end = await runDeviceFlow(settings, { service, signal, show, clock }).catch((error: unknown) => error);
  return { end, waits, shown };
}

const failure = (code: string) => ({ failure: { code } });
const [pending, slowDown, expired, denied] = (['pending', 'slow-down', 'expired', 'denied'] as const).map(
  (type): TokenAnswer => ({ type }),
) as [TokenAnswer, TokenAnswer, TokenAnswer, TokenAnswer];

test('page and code are shown before the first look, and looks come at the pace that the service asks for', async () => {
  const { end, waits, shown } = await run([pending, slowDown, pending, slowDown, granted]);
  expect(end).toEqual({ client, token });
  expect(shown).toEqual([asked.page, asked.userCode]);
  expect(waits).toEqual([5, 5, 10, 10, 15]);
});

test.each([
  [[pending, denied], 'login-denied'],
  [[pending, expired], 'login-expired'],
  [[], 'login-expired'],
] as const)('%j ends as %s', async (answers, code) => {
  expect((await run(answers)).end).toMatchObject(failure(code));
});

test('a service that is away for a while is asked on, more slowly; one that stays away is told as that', async () => {
  const { end, waits } = await run([away, away, granted]);
  expect(end).toEqual({ client, token });
  expect(waits).toEqual([5, 10, 15]);
  expect((await run(Array.from({ length: 100 }, () => away))).end).toMatchObject(failure('login-unreachable'));
});

test('no pace and no code of the service is taken beyond sense', async () => {
  expect((await run([granted], { intervalSeconds: 0 })).waits).toEqual([1]);
  expect((await run([granted], { intervalSeconds: 9_999, expiresInSeconds: 9_999 })).waits).toEqual([60]);
  const { waits } = await run([], { expiresInSeconds: 86_400, intervalSeconds: 60 });
  expect(waits.reduce((sum, one) => sum + one, 0)).toBe(1800);
});

test.each([
  ['http://device.example/', undefined],
  ['javascript:alert(1)', undefined],
  ['https://good.example@evil.example/', undefined],
  ['https://device.example/\u202Egpj', undefined],
  ['not a page', undefined],
  [`https://device.example/${'x'.repeat(3000)}`, undefined],
  [asked.page, 'A\u001B[2J'],
  [asked.page, ''],
])('the page %j with the code %j is not shown', async (page, userCode = asked.userCode) => {
  const { end, shown, waits } = await run([granted], { page, userCode });
  expect(end).toMatchObject(failure('login-page-refused'));
  expect([shown, waits]).toEqual([[], []]);
});
