import { spawn } from 'node:child_process';
import type { Bench } from './bench.ts';

/**
 * Runs a program to its end.
 * @returns its stdout
 * @throws with its stderr where it fails
 */
export async function runCommand(
  bench: Bench,
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string> {
  const child = spawn(command, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  bench.watchChild(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${command} can't be run: ${error.message}`)));
    // Not at its exit: the output is complete only when it is closed.
    child.once('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${command} ${args[0] ?? ''} ended with ${code ?? 'a signal'}: ${stderr.trim()}`));
    });
  });
}
