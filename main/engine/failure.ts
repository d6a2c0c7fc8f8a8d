import { toFailure, type ErrorCode, type Failure, type FailureParams } from '../../preload/contract/errors.ts';

/**
 * An expected failure on its way up. Inside the engine core it travels as an exception through the steps of an operation;
 * `execute` and the operation queue turn it into a value, so that no client ever meets a bare exception.
 */
export class TazpodError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(failure.message, { cause });
    this.name = 'TazpodError';
    this.failure = failure;
  }
}

/** Makes the error for a code; the caller throws it. */
export function failWith<Code extends ErrorCode>(
  code: Code,
  params: FailureParams[Code],
  cause?: unknown,
): TazpodError {
  return new TazpodError(toFailure(code, params), cause);
}

/** Any thrown value as a failure; what is not expected becomes `internal`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof TazpodError) return error.failure;
  return toFailure('internal', { reason: reasonOf(error) });
}

/** The message of any thrown value. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether a value thrown by Node is a system error with this code. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}
