import {
  toExitCode,
  toFailure,
  type ErrorCode,
  type Failure,
  type FailureParams,
} from '../../preload/contract/errors.ts';
import { escapeBlock } from './text/escape.ts';
import type { Style } from './text/style.ts';

export type ExitCode = 0 | 1 | 2 | 3 | 4;

/** An expected failure on its way to the one place that prints it. */
export class CliFailure extends Error {
  readonly failure: Failure;
  readonly exitCode: ExitCode;

  constructor(failure: Failure, exitCode: ExitCode = toExitCode(failure.code)) {
    super(failure.message);
    this.name = 'CliFailure';
    this.failure = failure;
    this.exitCode = exitCode;
  }
}

/** Makes the error for a code; `changes` replace its words or exit code. */
export function cliFailure<Code extends ErrorCode>(
  code: Code,
  params: FailureParams[Code],
  changes: { readonly nextStep?: string; readonly exitCode?: ExitCode } = {},
): CliFailure {
  const failure = toFailure(code, params);
  return new CliFailure(
    changes.nextStep === undefined ? failure : { ...failure, nextStep: changes.nextStep },
    changes.exitCode,
  );
}

/** Any thrown value as a failure; what is not expected becomes `internal`. */
export function toCliFailure(error: unknown): CliFailure {
  if (error instanceof CliFailure) return error;
  return cliFailure('internal', { reason: error instanceof Error ? error.message : String(error) });
}

const alwaysDetailed: ReadonlySet<ErrorCode> = new Set(['engine-unreachable', 'container-exited']);

const indent = (text: string): string => text.replaceAll('\n', '\n  ');

/**
 * A failure as the person reads it: what happened, its details, what to do. Details are folded into one hint unless
 * `verbose`; where they are the point (what was looked for, why a container exited) they are always there.
 */
export function renderFailure(failure: Failure, style: Style, verbose: boolean): string {
  const lines = [`${style.red('Error:')} ${indent(escapeBlock(failure.message))}`];
  if (failure.details !== undefined && failure.details !== '') {
    const shown = verbose || alwaysDetailed.has(failure.code);
    lines.push(shown ? `  ${indent(escapeBlock(failure.details))}` : style.dim('  --verbose shows the details.'));
  }
  if (failure.nextStep !== '') lines.push(`${style.bold('Next:')} ${indent(escapeBlock(failure.nextStep))}`);
  return `${lines.join('\n')}\n`;
}
