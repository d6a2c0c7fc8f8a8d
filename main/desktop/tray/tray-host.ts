import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { reasonOf } from '../../engine/failure.ts';

/** D-Bus answers in milliseconds; a bus that hangs must not keep the tray waiting. */
const answerLimitMs = 2_000;

/**
 * Whether the desktop shows tray icons. On Linux that is a StatusNotifierHost, which some desktops (GNOME without an
 * extension) lack; macOS and Windows always have one. Asked through the desktop's own D-Bus tools: a whole D-Bus client
 * for one question would be too much.
 */
export async function findTrayHost(log: (line: string) => void): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const question = [
    'call',
    '--session',
    '--dest=org.kde.StatusNotifierWatcher',
    '--object-path=/StatusNotifierWatcher',
    '--method=org.freedesktop.DBus.Properties.Get',
    'org.kde.StatusNotifierWatcher',
    'IsStatusNotifierHostRegistered',
  ];
  try {
    const { stdout } = await promisify(execFile)('gdbus', question, { timeout: answerLimitMs });
    return stdout.includes('true');
  } catch (error) {
    log(`no tray host: ${reasonOf(error).split('\n')[0] ?? ''}`);
    return false;
  }
}
