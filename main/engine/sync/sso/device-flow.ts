import { setTimeout as delay } from 'node:timers/promises';
import { failWith, type TazpodError } from '../../failure.ts';
import type { SsoSettings } from './settings.ts';

/** Who we are to the service, as it registered us. */
export interface ClientRegistration {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly expiresAtMs: number;
}

/** What a person has to confirm, and how the answer is asked for. */
export interface DeviceAuthorization {
  readonly deviceCode: string;
  readonly userCode: string;
  /** With the code in it, where the service has such a page. */
  readonly page: string;
  readonly expiresInSeconds: number;
  readonly intervalSeconds: number;
}

export interface GrantedToken {
  readonly accessToken: string;
  /** null: the login ends with the token. */
  readonly refreshToken: string | null;
  readonly expiresInSeconds: number;
}

/** The service's word on whether the code was confirmed. */
export type TokenAnswer =
  | { readonly type: 'granted'; readonly token: GrantedToken }
  | { readonly type: 'pending' | 'slow-down' | 'expired' | 'denied' }
  /** No answer this time; the next one may come. */
  | { readonly type: 'away'; readonly failure: TazpodError };

/** The device flow of an OIDC service (RFC 8628). Its calls fail as TazpodError `login-unreachable` and `login-refused`. */
export interface DeviceService {
  register(scopes: readonly string[], signal: AbortSignal): Promise<ClientRegistration>;
  authorize(client: ClientRegistration, startUrl: string, signal: AbortSignal): Promise<DeviceAuthorization>;
  askForToken(client: ClientRegistration, deviceCode: string, signal: AbortSignal): Promise<TokenAnswer>;
}

export interface FlowPorts {
  readonly service: DeviceService;
  readonly signal: AbortSignal;
  /** Shows the page and the code to whoever can confirm them. Nothing opens the page unasked. */
  readonly show: (prompt: { readonly page: string; readonly userCode: string; readonly validMs: number }) => void;
  readonly clock?: FlowClock;
}

export interface FlowClock {
  /** No change of the wall clock moves it. */
  readonly monotonicMs: () => number;
  /** Rejects with the signal's reason where it is aborted. */
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

export interface Login {
  readonly client: ClientRegistration;
  readonly token: GrantedToken;
}

const realClock: FlowClock = {
  monotonicMs: () => performance.now(),
  wait: async (delayMs, signal) => {
    await delay(delayMs, undefined, { signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
  },
};

/** What RFC 8628 adds to the wait when the service says `slow_down`. */
const slowDownMs = 5_000;
/** A service that says 0 is not asked in a busy loop, and one that says an hour does not keep people waiting. */
const [shortestIntervalMs, longestIntervalMs] = [1_000, 60_000];
/** No code is shown for longer, whatever the service says. */
const longestValidMs = 30 * 60_000;

/**
 * Asks for a login, shows what a person has to confirm, and waits for it at the pace that the service asks for.
 * @throws TazpodError `login-denied`, `login-expired`, `login-page-refused`, and as `DeviceService`; what the signal was aborted with
 */
export async function runDeviceFlow({ startUrl, scopes }: SsoSettings, ports: FlowPorts): Promise<Login> {
  const { service, signal, show, clock = realClock } = ports;
  const client = await service.register(scopes, signal);
  const { page, userCode, deviceCode, ...times } = await service.authorize(client, startUrl, signal);
  if (!isPage(page) || !isUserCode(userCode)) throw failWith('login-page-refused', { page: page.slice(0, 200) });
  const validMs = Math.min(times.expiresInSeconds * 1000, longestValidMs);
  const endMs = clock.monotonicMs() + validMs;
  show({ page, userCode, validMs });
  let intervalMs = Math.min(Math.max(times.intervalSeconds * 1000, shortestIntervalMs), longestIntervalMs);
  let away: TazpodError | null = null;
  while (clock.monotonicMs() + intervalMs <= endMs) {
    await clock.wait(intervalMs, signal);
    const answer = await service.askForToken(client, deviceCode, signal);
    if (answer.type === 'granted') return { client, token: answer.token };
    if (answer.type === 'denied') throw failWith('login-denied', { startUrl });
    if (answer.type === 'expired') throw failWith('login-expired', { startUrl });
    away = answer.type === 'away' ? answer.failure : null;
    if (answer.type !== 'pending') intervalMs = Math.min(intervalMs + slowDownMs, longestIntervalMs);
  }
  throw away ?? failWith('login-expired', { startUrl });
}

/** Only a page whose sender is proven, and that does not pretend by a name before its host. */
function isPage(text: string): boolean {
  if (text.length > 2048 || !URL.canParse(text) || /[^\x21-\x7e]/u.test(text)) return false;
  const { protocol, username, password } = new URL(text);
  return protocol === 'https:' && username === '' && password === '';
}

const isUserCode = (text: string): boolean => /^[A-Za-z0-9-]{1,64}$/u.test(text);
