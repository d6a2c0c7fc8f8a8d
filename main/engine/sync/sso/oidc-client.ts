import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import {
  AccessDeniedException,
  AuthorizationPendingException,
  CreateTokenCommand,
  ExpiredTokenException,
  RegisterClientCommand,
  SlowDownException,
  SSOOIDCClient,
  SSOOIDCServiceException,
  StartDeviceAuthorizationCommand,
} from '@aws-sdk/client-sso-oidc';
import { failWith, reasonOf, TazpodError } from '../../failure.ts';
import { refuseMetadata } from '../remotes/address.ts';
import type { DeviceService, TokenAnswer } from './device-flow.ts';
import type { SsoSettings } from './settings.ts';

const connectTimeoutMs = 5_000;
const idleTimeoutMs = 30_000;
/** Where the service names none, as RFC 8628 has it. */
const defaultIntervalSeconds = 5;
const defaultValidSeconds = 600;

const grantType = 'urn:ietf:params:oauth:grant-type:device_code';

/**
 * The OIDC service of AWS IAM Identity Center. The SDK finds its address by the region, or by `AWS_ENDPOINT_URL_SSO_OIDC`.
 * What it says besides codes is never passed on: a service may say our own secrets back to us.
 */
export function openDeviceService({ region, startUrl }: SsoSettings): DeviceService & { readonly close: () => void } {
  const lookup = refuseMetadata();
  const client = new SSOOIDCClient({
    region,
    requestHandler: {
      httpAgent: new HttpAgent({ lookup }),
      httpsAgent: new HttpsAgent({ lookup }),
      connectionTimeout: connectTimeoutMs,
      socketTimeout: idleTimeoutMs,
    },
  });
  const ask = async <Answer>(signal: AbortSignal, send: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await send();
    } catch (error) {
      signal.throwIfAborted();
      throw toFault(error, startUrl, region);
    }
  };
  return {
    register: async (scopes, abortSignal) =>
      await ask(abortSignal, async () => {
        const named = scopes.length === 0 ? {} : { scopes: [...scopes] };
        const input = { clientName: 'TazPod Desktop', clientType: 'public', ...named };
        const answer = await client.send(new RegisterClientCommand(input), { abortSignal });
        const { clientId, clientSecret, clientSecretExpiresAt = 0 } = answer;
        if (!isText(clientId) || !isText(clientSecret)) throw new Error('it gave no client');
        return { clientId, clientSecret, expiresAtMs: clientSecretExpiresAt * 1000 };
      }),
    authorize: async ({ clientId, clientSecret }, url, abortSignal) =>
      await ask(abortSignal, async () => {
        const input = { clientId, clientSecret, startUrl: url };
        const answer = await client.send(new StartDeviceAuthorizationCommand(input), { abortSignal });
        const { deviceCode, userCode, verificationUri, verificationUriComplete: page = verificationUri } = answer;
        if (!isText(deviceCode) || !isText(userCode) || !isText(page)) throw new Error('it gave no code');
        const { expiresIn = defaultValidSeconds, interval = defaultIntervalSeconds } = answer;
        return { deviceCode, userCode, page, expiresInSeconds: expiresIn, intervalSeconds: interval };
      }),
    askForToken: async ({ clientId, clientSecret }, deviceCode, abortSignal) => {
      try {
        const input = { clientId, clientSecret, grantType, deviceCode };
        const answer = await client.send(new CreateTokenCommand(input), { abortSignal });
        const { accessToken, refreshToken = null, expiresIn } = answer;
        if (!isText(accessToken) || expiresIn === undefined) throw new Error('it gave no token');
        return { type: 'granted', token: { accessToken, refreshToken, expiresInSeconds: expiresIn } };
      } catch (error) {
        abortSignal.throwIfAborted();
        return toAnswer(error, toFault(error, startUrl, region));
      }
    },
    close: () => client.destroy(),
  };
}

const isText = (value: string | undefined): value is string => value !== undefined && value !== '';

/** @throws the fault, where asking again would change nothing */
function toAnswer(error: unknown, fault: TazpodError): TokenAnswer {
  if (error instanceof AuthorizationPendingException) return { type: 'pending' };
  if (error instanceof SlowDownException) return { type: 'slow-down' };
  if (error instanceof ExpiredTokenException) return { type: 'expired' };
  if (error instanceof AccessDeniedException) return { type: 'denied' };
  if (fault.failure.code === 'login-unreachable') return { type: 'away', failure: fault };
  throw fault;
}

function toFault(error: unknown, startUrl: string, region: string): TazpodError {
  if (error instanceof TazpodError) return error;
  const isOfService = error instanceof SSOOIDCServiceException;
  const status = isOfService ? error.$metadata.httpStatusCode : undefined;
  if (isOfService && (status === undefined || (status < 500 && status !== 429)))
    return failWith('login-refused', { startUrl, reason: error.name });
  return failWith('login-unreachable', { startUrl, region, reason: isOfService ? error.name : reasonOf(error) });
}
