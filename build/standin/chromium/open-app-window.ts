import { connect } from 'node:net';
import path from 'node:path';

/** How long Chromium may take to answer, in milliseconds. */
const patienceMs = 10_000;

/**
 * Asks the running Chromium for one more app window, a window without tabs or address bar. Only its command line can ask
 * for one; a second `chromium --app=…` would do nothing but pass its arguments to the first through this socket, so that
 * is done here without starting one (chrome/browser/process_singleton_posix.cc).
 */
export async function openAppWindow(profile: string, url: string): Promise<void> {
  // --test-type: no bar over the page that warns of --no-sandbox; our own line on stderr says it.
  const words = ['START', profile, 'chromium', `--user-data-dir=${profile}`, `--app=${url}`, '--test-type'];
  const answer = await exchange(path.join(profile, 'SingletonSocket'), words.join('\0'));
  if (!answer.startsWith('ACK')) throw new Error(`Chromium refused to open a window: ${answer || 'no answer'}`);
}

async function exchange(socketPath: string, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath, () => socket.end(request));
    let answer = '';
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('Chromium does not answer on its own socket')));
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
