import type { Json } from '../chromium/devtools.ts';
import { schemeOf, toReal } from './address.ts';
import { Protocol } from './protocol.ts';

interface Paused {
  readonly requestId: string;
  readonly resourceType: string;
  readonly frameId: string;
  readonly redirectedRequestId?: string;
  readonly request: {
    readonly url: string;
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly postDataEntries?: readonly { readonly bytes?: string }[];
  };
}

export interface RequestOptions {
  readonly protocol: Protocol;
  readonly send: (method: string, params: Json) => Promise<unknown>;
  /** False forbids the navigation. `url` is the app's own address. */
  readonly mayNavigate: (url: string, isRedirect: boolean) => boolean;
  readonly mainFrame: () => string;
}

/** Answers requests that Chromium holds for us: pages of own schemes, and navigations, which the app may forbid. */
export function createRequestHandler(options: RequestOptions): (params: Json) => void {
  const { send, mayNavigate, mainFrame, protocol } = options;
  const decide = async (paused: Paused): Promise<void> => {
    const { requestId, request } = paused;
    const isNavigation = paused.resourceType === 'Document' && paused.frameId === mainFrame();
    if (isNavigation && !mayNavigate(toReal(request.url), paused.redirectedRequestId !== undefined)) {
      await send('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
      return;
    }
    const scheme = schemeOf(request.url);
    if (scheme === null) await send('Fetch.continueRequest', { requestId });
    else await answer(requestId, await Protocol.answer(protocol, scheme, toRequest(paused)));
  };
  const answer = async (requestId: string, response: Response | null): Promise<void> => {
    if (response === null) {
      await send('Fetch.failRequest', { requestId, errorReason: 'AddressUnreachable' });
      return;
    }
    await send('Fetch.fulfillRequest', {
      requestId,
      responseCode: response.status,
      responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
      body: Buffer.from(await response.arrayBuffer()).toString('base64'),
    });
  };
  return (params) => {
    const paused = params as unknown as Paused;
    decide(paused).catch(async (error: unknown) => {
      process.stderr.write(`stand-in: ${paused.request.url}: ${String(error)}\n`);
      // Gone with its page, perhaps.
      await send('Fetch.failRequest', { requestId: paused.requestId, errorReason: 'Failed' }).catch(() => undefined);
    });
  };
}

function toRequest({ request }: Paused): Request {
  const body = Buffer.concat((request.postDataEntries ?? []).map(({ bytes }) => Buffer.from(bytes ?? '', 'base64')));
  const { method, headers } = request;
  const hasBody = body.length > 0 && method !== 'GET' && method !== 'HEAD';
  return new Request(toReal(request.url), { method, headers, ...(hasBody ? { body } : {}) });
}
