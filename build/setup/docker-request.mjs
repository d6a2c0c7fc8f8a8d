import { request } from 'node:http';

/** @typedef {{ socketPath: string } | { host: string, port: string }} Address */

/**
 * Where an engine listens.
 * @param {string} dockerHost unix://, npipe://, tcp:// or http://
 * @returns {Address | undefined} undefined for what plain HTTP does not reach, such as ssh://
 */
export function parseDockerHost(dockerHost) {
  const local = /^(?:unix|npipe):\/\/(.+)$/.exec(dockerHost);
  if (local !== null) return { socketPath: local[1] ?? '' };
  const remote = /^(?:tcp|http):\/\/([^:/]+):(\d+)\/?$/.exec(dockerHost);
  return remote === null ? undefined : { host: remote[1] ?? '', port: remote[2] ?? '' };
}

/**
 * One GET to an engine's API, with Node's own client: set-up runs before any dependency is there.
 * @param {string} dockerHost
 * @param {string} path
 * @param {{ timeoutMs?: number }} [options]
 * @returns {Promise<{ status: number, body: string } | undefined>} undefined: it does not answer
 */
export function getFromEngine(dockerHost, path, { timeoutMs = 2_000 } = {}) {
  const address = parseDockerHost(dockerHost);
  if (address === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const get = request({ ...address, path, timeout: timeoutMs }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (/** @type {string} */ text) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', () => resolve(undefined));
    });
    get.on('timeout', () => get.destroy(new Error('timeout')));
    get.on('error', () => resolve(undefined));
    get.end();
  });
}

/** Whether an engine answers there. @param {string} dockerHost */
export async function answersPing(dockerHost) {
  return (await getFromEngine(dockerHost, '/_ping'))?.status === 200;
}
