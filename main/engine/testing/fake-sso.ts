import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as v from 'valibot';

/** What the fake says when it is asked for a token. */
export type FakeAnswer = 'pending' | 'slow-down' | 'expired' | 'denied' | 'refused' | 'away' | 'granted';

/** A fake of AWS IAM Identity Center: its OIDC service, and the portal that gives a role's keys for a login. */
export interface FakeSso {
  readonly endpoint: string;
  /** Leads the AWS SDK here. */
  readonly environment: Readonly<Record<string, string>>;
  /** Paths that were asked, in order. */
  readonly asked: readonly string[];
  /** Bodies of what was asked of a path. */
  bodies(path: string): readonly Readonly<Record<string, unknown>>[];
  /** Answers these in turn, then `pending` until somebody confirms. */
  script(...answers: readonly FakeAnswer[]): void;
  /** As if the person had confirmed in the browser. */
  confirm(): void;
  close(): Promise<void>;
}

export interface FakeSsoOptions {
  readonly page?: string;
  readonly userCode?: string;
  readonly intervalSeconds?: number;
  readonly expiresInSeconds?: number;
  /** How long a login holds; eight hours without it. */
  readonly tokenSeconds?: number;
}

/** Every secret of the fake has this word in it: it must show nowhere but in the login's file. */
export const canary = 'canary';
export const fakeAccessKeyId = 'ASIAFAKEOFTESTS';
export const fakeUserCode = 'FAKE-CODE';
export const fakePage = 'https://device.sso.example/?user_code=FAKE-CODE';

const refusals: { readonly [Answer in Exclude<FakeAnswer, 'granted' | 'away'>]: string } = {
  pending: 'AuthorizationPendingException',
  'slow-down': 'SlowDownException',
  expired: 'ExpiredTokenException',
  denied: 'AccessDeniedException',
  refused: 'InvalidGrantException',
};

const BodySchema = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()));

export async function openFakeSso(options: FakeSsoOptions = {}): Promise<FakeSso> {
  const seen: { readonly path: string; readonly body: Readonly<Record<string, unknown>> }[] = [];
  let answers: FakeAnswer[] = [];
  let isConfirmed = false;
  const nextAnswer = (): FakeAnswer => answers.shift() ?? (isConfirmed ? 'granted' : 'pending');
  const server = createServer((request, response) => {
    void (async () => {
      const text = Buffer.concat(await request.toArray()).toString();
      const { pathname } = new URL(request.url ?? '/', 'http://fake');
      seen.push({ path: pathname, body: text === '' ? {} : v.parse(BodySchema, text) });
      answer(request, pathname, response);
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const answer = (request: IncomingMessage, pathname: string, response: ServerResponse): void => {
    switch (pathname) {
      case '/client/register': {
        const clientSecretExpiresAt = Math.floor(Date.now() / 1000) + 90 * 86_400;
        return say(response, 200, { clientId: 'fake-client', clientSecret: `${canary}-client`, clientSecretExpiresAt });
      }
      case '/device_authorization': {
        const { page = fakePage, userCode = fakeUserCode, intervalSeconds = 1, expiresInSeconds = 600 } = options;
        return say(response, 200, {
          deviceCode: `${canary}-device`,
          userCode,
          verificationUri: page,
          verificationUriComplete: page,
          interval: intervalSeconds,
          expiresIn: expiresInSeconds,
        });
      }
      case '/token':
        return answerToken(response, nextAnswer(), options.tokenSeconds ?? 28_800);
      case '/federation/credentials': {
        if (request.headers['x-amz-sso_bearer_token'] !== `${canary}-access`)
          return refuse(response, 401, 'UnauthorizedException');
        const roleCredentials = {
          accessKeyId: fakeAccessKeyId,
          secretAccessKey: `${canary}-role`,
          sessionToken: `${canary}-session`,
          expiration: Date.now() + 3_600_000,
        };
        return say(response, 200, { roleCredentials });
      }
      default:
        return refuse(response, 404, 'ResourceNotFoundException');
    }
  };

  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    environment: { AWS_ENDPOINT_URL_SSO_OIDC: endpoint, AWS_ENDPOINT_URL_SSO: endpoint },
    get asked() {
      return seen.map(({ path }) => path);
    },
    bodies: (path) => seen.filter((one) => one.path === path).map(({ body }) => body),
    script: (...next) => {
      answers = [...next];
    },
    confirm: () => {
      isConfirmed = true;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answerToken(response: ServerResponse, next: FakeAnswer, expiresIn: number): void {
  if (next === 'granted') {
    const tokens = { accessToken: `${canary}-access`, refreshToken: `${canary}-refresh`, idToken: `${canary}-id` };
    say(response, 200, { ...tokens, tokenType: 'Bearer', expiresIn });
  } else if (next === 'away') refuse(response, 503, 'InternalServerException');
  else refuse(response, 400, refusals[next]);
}

function say(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** As services of AWS do; what it says repeats our own secrets, which must not go any further. */
function refuse(response: ServerResponse, status: number, name: string): void {
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': name };
  const body = { error: 'fake', error_description: `${canary}-device ${canary}-client`, message: `${canary}-access` };
  response.writeHead(status, headers).end(JSON.stringify(body));
}
