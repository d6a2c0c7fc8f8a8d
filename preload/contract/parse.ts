import * as v from 'valibot';
import { CommandSchema, type Command } from './commands.ts';
import { toFailure, type Failure } from './errors.ts';

export type Result<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly failure: Failure };

/** Turns what a schema found into one line: `projectId: a project id has 16 hex digits`. */
export function formatIssues(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues
    .slice(0, 5)
    .map((issue) => {
      const path = v.getDotPath(issue);
      return toShortText(path === null ? issue.message : `${path}: ${issue.message}`);
    })
    .join('; ');
}

/** A message repeats what it found, which a hostile sender may make long or unprintable. */
function toShortText(text: string): string {
  const short = text.length > maxIssueLength ? `${text.slice(0, maxIssueLength)}…` : text;
  return short.replaceAll(/\p{Cc}/gu, ' ');
}

const maxIssueLength = 200;

/** Checks a message from outside; nothing else may turn `unknown` into a `Command`. */
export function parseCommand(input: unknown): Result<Command> {
  const result = v.safeParse(CommandSchema, input);
  if (result.success) return { ok: true, value: result.output };
  return { ok: false, failure: toFailure('invalid-command', { issues: formatIssues(result.issues) }) };
}

/**
 * The answer to a command. `operationId` names the operation that was queued; how it ends shows in the snapshot's
 * activity under the same id. A snapshot that contains what the command changed at once is published before the answer.
 */
export type CommandAnswer =
  { readonly accepted: true; readonly operationId?: string } | { readonly accepted: false; readonly failure: Failure };
