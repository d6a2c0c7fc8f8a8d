import { hostFacts } from './engine/docker/endpoint.ts';
import { locateEngine } from './engine/docker/locate.ts';

/**
 * Prints which engine would be used, as one JSON object, for the set-up in build/: exit 0 with `{status:'ready',
 * dockerHost, source}`, or exit 4 with `{status, tried, failure}`.
 */
const located = await locateEngine(hostFacts(process.env));
if (located.status === 'ready') {
  const { host: dockerHost, source } = located.endpoint;
  process.stdout.write(`${JSON.stringify({ status: 'ready', dockerHost, source })}\n`);
} else {
  process.stdout.write(`${JSON.stringify(located)}\n`);
  process.exitCode = 4;
}
