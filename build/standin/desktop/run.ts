import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a desktop's own program; a missing one is exit code 127. */
export async function runProgram(program: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code: code ?? 1, output };
  } catch {
    return { code: 127, output };
  }
}
