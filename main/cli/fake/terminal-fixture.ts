import { processIo } from '../process-io.ts';
import { runCli } from '../run.ts';
import { fakeConnector, FakeHost } from './fake-host.ts';
import { projectOf, runningContainer, snapshotOf } from './snapshots.ts';

/** `tazpod enter` on the real terminal of this process and a fake host; how it ends is the first argument. */
const host = new FakeHost(
  snapshotOf({ projects: [projectOf(process.cwd(), { container: runningContainer, sessions: [] })] }),
);
host.onSession = (session) => {
  void session.print(`raw=${process.stdin.isRaw}\r\n\u001b[?25l`);
  switch (process.argv[2]) {
    case 'exit':
      session.end({ reason: 'exited', exitCode: 5 });
      break;
    case 'stopped':
      session.end({ reason: 'container-stopped' });
      break;
    case 'signal':
      process.kill(process.pid, 'SIGTERM');
      break;
    default:
      throw new Error('a fault of our own');
  }
};

process.exit(await runCli(['enter'], processIo(), fakeConnector(host), '0.1.0'));
