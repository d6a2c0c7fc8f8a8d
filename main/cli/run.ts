import { runSetup } from './commands/setup.ts';
import { runAdopt, runTrust } from './commands/consent.ts';
import { runDoctor } from './commands/doctor.ts';
import { runImage } from './commands/image.ts';
import { runDown, runRebuild, runRestart, runUp } from './commands/lifecycle.ts';
import { runLogin } from './commands/login.ts';
import { runForget, runInit, runQuit } from './commands/registry.ts';
import { runEnter, runLogs } from './commands/sessions.ts';
import { runHistory, runRestore } from './commands/history.ts';
import { runList, runStatus } from './commands/show.ts';
import { runPull, runPush, runSetupStorage, runSync } from './commands/sync.ts';
import { runSessions } from './commands/open-sessions.ts';
import { runStats } from './commands/stats.ts';
import { runLock, runSave, runUnlock, runVault } from './commands/vault.ts';
import { createContext, printJson, type Context } from './context.ts';
import { renderFailure, toCliFailure } from './failure.ts';
import type { CliConnector } from './host.ts';
import type { CliIo } from './io.ts';
import { escapeText } from './text/escape.ts';
import { styleFor } from './text/style.ts';
import { suggest } from './text/suggest.ts';
import { completionScript, shells } from './words/completion.ts';
import { renderHelp, renderWordHelp } from './words/help.ts';
import { parseWords, UsageError, type Invocation } from './words/parse.ts';
import { typedWords, usageOf, type WordName } from './words/table.ts';

type ConnectedWord = Exclude<WordName, 'help' | 'completion'>;

const words: { readonly [Name in ConnectedWord]: (context: Context) => Promise<number> } = {
  init: runInit,
  up: runUp,
  down: runDown,
  restart: runRestart,
  rebuild: runRebuild,
  setup: runSetup,
  unlock: runUnlock,
  lock: runLock,
  save: runSave,
  vault: runVault,
  enter: runEnter,
  status: runStatus,
  list: runList,
  trust: runTrust,
  adopt: runAdopt,
  logs: runLogs,
  sessions: runSessions,
  stats: runStats,
  login: runLogin,
  push: runPush,
  pull: runPull,
  history: runHistory,
  restore: runRestore,
  sync: runSync,
  'setup-storage': runSetupStorage,
  image: runImage,
  forget: runForget,
  doctor: runDoctor,
  quit: runQuit,
};

function help({ operands: [typed] }: Invocation): string {
  if (typed === undefined) return renderHelp();
  const word = typedWords.get(typed);
  if (word !== undefined) return renderWordHelp(word);
  const near = suggest(typed, [...typedWords.keys()]);
  const hint = near === null ? '' : ` Did you mean ${near}?`;
  throw new UsageError(`There is no word "${escapeText(typed)}".${hint}`, usageOf('help'));
}

function completion({ operands: [typed] }: Invocation): string {
  const shell = shells.find((one) => one === typed);
  if (shell === undefined) throw new UsageError(`Name a shell: ${shells.join(', ')}.`, usageOf('completion'));
  return completionScript(shell);
}

async function runWord(io: CliIo, connector: CliConnector, invocation: Invocation, version: string): Promise<number> {
  const { word, flags } = invocation;
  if (flags.help) {
    io.out.write(renderWordHelp(word));
    return 0;
  }
  if (word === 'help' || word === 'completion') {
    io.out.write(word === 'help' ? help(invocation) : completion(invocation));
    return 0;
  }
  const run = async (): Promise<number> => {
    const context = createContext(io, connector, invocation, version);
    try {
      return await words[word](context);
    } finally {
      context.link.close();
    }
  };
  try {
    return await run();
  } catch (error) {
    // It refused because it was just ending: nothing was begun, and its successor answers.
    if (toCliFailure(error).failure.code === 'host-stopping') return run();
    throw error;
  }
}

/**
 * Runs one command line from beginning to end; the only place that prints failures.
 * @param argv what was typed after `tazpod`
 * @returns the exit code
 */
export async function runCli(
  argv: readonly string[],
  io: CliIo,
  connector: CliConnector,
  version: string,
): Promise<number> {
  const style = styleFor(io.err.isTty, io.environment);
  let invocation: Invocation | null = null;
  try {
    if (argv.length === 1 && (argv[0] === '--help' || argv[0] === '-h')) {
      io.out.write(renderHelp());
      return 0;
    }
    invocation = parseWords(argv);
    return await runWord(io, connector, invocation, version);
  } catch (error) {
    if (error instanceof UsageError) {
      io.err.write(`${style.red('Error:')} ${error.message}\n${style.bold('Usage:')} ${error.usage}\n`);
      return 2;
    }
    const { failure, exitCode } = toCliFailure(error);
    if (invocation?.flags.json === true) printJson(io, { failure });
    io.err.write(renderFailure(failure, style, invocation?.flags.verbose === true));
    return exitCode;
  }
}
