/**
 * One line of set-up's own words. Always on stderr: what the program that follows prints on stdout may be JSON.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`tazpod set-up: ${line}\n`);
}

/** A set-up step that can't go on: what was found, and what to do next. */
export class SetupError extends Error {
  /** @param {string} message @param {string} nextStep @param {number} [exitCode] */
  constructor(message, nextStep, exitCode = 1) {
    super(message);
    this.name = 'SetupError';
    this.nextStep = nextStep;
    this.exitCode = exitCode;
  }
}

/**
 * Runs an entry point of build/: a SetupError becomes two clear lines and its exit code, anything else keeps its stack.
 * @param {() => Promise<number>} main resolves to the exit code
 */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    say(`next: ${error.nextStep}`);
    process.exitCode = error.exitCode;
  }
}
