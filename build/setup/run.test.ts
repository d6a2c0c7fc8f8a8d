import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

const module = JSON.stringify(new URL('run.mjs', import.meta.url).href);
const waits = JSON.stringify(`process.on('SIGTERM', () => { process.stderr.write('tidied '); process.exit(7); });
  setInterval(() => {}, 1e6); process.stderr.write('up ');`);

/** Sends SIGTERM to a process that runs another one through run.mjs, once that one says that it is up. */
async function interrupt(call: string) {
  const script = `import * as runs from ${module};
    const code = await runs.${call}(process.execPath, ['-e', ${waits}]).catch((error) => error.exitCode);
    process.stderr.write('after');
    process.exit(code);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
    if (text.startsWith('up')) child.kill('SIGTERM');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, words };
}

// Windows has no signals to pass on.
it.skipIf(process.platform === 'win32')(
  'passes a signal on, waits for the program, and gives its exit code',
  async () => {
    expect(await interrupt('runForeground')).toEqual({ code: 7, words: 'up tidied after' });
  },
);

it.skipIf(process.platform === 'win32')('stops set-up after a signal, once its program has ended', async () => {
  expect(await interrupt('run')).toEqual({ code: 143, words: 'up tidied after' });
});
