/** The thread of event-listener.ts. */
import http from 'node:http';
import { createInterface } from 'node:readline';
import { parentPort, workerData } from 'node:worker_threads';
import type { ListenerOptions, ReceivedEvent } from './event-listener.ts';

const { connection, actions } = workerData as ListenerOptions;
const filters = encodeURIComponent(JSON.stringify({ type: ['container', 'network'], event: actions }));

const request = http.get({ ...connection, path: `/events?filters=${filters}` }, (response) => {
  parentPort?.postMessage('listening', []);
  createInterface({ input: response }).on('line', (line) => {
    const atNs = process.hrtime.bigint();
    const { Action: action, Actor: actor } = JSON.parse(line) as { Action: string; Actor: { ID: string } };
    const event: ReceivedEvent = { action, containerId: actor.ID, atNs };
    parentPort?.postMessage(event, []);
  });
});
request.on('error', (error) => {
  throw error;
});
