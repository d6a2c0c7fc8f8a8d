import { loadPty, type PtyModule } from '../../../main/engine/terminal/pty-exec.ts';
import type { Bench } from '../world/bench.ts';
import { dockerHostOf } from '../world/docker-host.ts';

/** The baseline: plain `docker exec -it` on node-pty, whose bytes Node reads and throws away. */
export interface PlainPty {
  write(text: string): void;
  /** Resolves when this text has come; only the last bytes are looked at. */
  printed(text: string): Promise<void>;
  close(): void;
}

let known: Promise<PtyModule | null> | null = null;

/** @throws where node-pty could not be built */
export async function openPlainPty(bench: Bench, containerId: string, command: readonly string[]): Promise<PlainPty> {
  const pty = await (known ??= loadPty((line) => bench.say(line)));
  if (pty === null) throw new Error('there is no node-pty: the baseline can not be measured');
  const terminal = pty.spawn(
    'docker',
    ['exec', '--interactive', '--tty', '--workdir', '/workspace', containerId, ...command],
    {
      name: 'xterm-256color',
      cols: 100,
      rows: 30,
      encoding: null,
      env: { ...process.env, DOCKER_HOST: dockerHostOf(bench) },
    },
  );
  let tail = '';
  let wanted: { readonly text: string; readonly seen: () => void } | null = null;
  terminal.onData((bytes) => {
    tail = (tail + bytes.toString('latin1')).slice(-4096);
    if (wanted === null || !tail.includes(wanted.text)) return;
    const { seen } = wanted;
    wanted = null;
    tail = '';
    seen();
  });
  return {
    write: (text) => terminal.write(text),
    printed: async (text) =>
      new Promise((resolve) => {
        wanted = { text, seen: resolve };
      }),
    close: () => terminal.kill('SIGHUP'),
  };
}
